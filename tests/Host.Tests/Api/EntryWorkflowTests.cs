using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;
using SampleHost.Workflow;

namespace Host.Tests.Api;

/// <summary>The workflows that publish: who may take which step, what it does to the record, and what the log says of it.</summary>
public sealed class EntryWorkflowTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_approved_entry_is_published_and_each_step_is_logged_with_the_workflows_own_names()
    {
        var entry = await InsertAsync("blog");
        Assert.True(entry.GetProperty("draft").GetBoolean());
        Assert.Equal("draft", entry.GetProperty("workflowState").GetString());
        using (var hidden = await _host.Viewer.GetAsync($"/api/records/{entry.GetProperty("id")}"))
            await Answer.ProblemAsync(hidden, 404);

        Assert.Equal("awaitingApproval True", await RaiseAsync(_host.Editor, entry, "submit"));
        Assert.Equal("403", await RaiseAsync(_host.Editor, entry, "approve"));
        Assert.Equal("versionComplete False", await RaiseAsync(_host.Admin, entry, "approve"));
        using (var seen = await _host.Viewer.GetAsync($"/api/records/{entry.GetProperty("id")}"))
            await Answer.JsonAsync(seen, 200);

        var changes = await ChangesAsync();
        Assert.Equal(
            [
                "RecordInserted", "WorkflowEventRaised contensisEntryApproval.draft.submit", "WorkflowStateChanged contensisEntryApproval.awaitingApproval",
                "WorkflowEventRaised contensisEntryApproval.awaitingApproval.approve", "WorkflowStateChanged contensisEntryApproval.versionComplete", "RecordPublished",
            ],
            changes.Select(Tell));
        var before = new RecordStatus(false, true, "awaitingApproval");
        Assert.Equal([before, before, before], changes.Skip(3).Select(change => change.PreviousStatus));
    }

    [Fact]
    public async Task An_entry_is_declined_submitted_again_revoked_archived_and_fetched_back()
    {
        var entry = await InsertAsync("blog");
        var steps = new List<string>();
        foreach (var step in (string[])["submit", "decline", "submit", "revoke", "archive", "unarchive", "submitAndApprove", "archive", "unarchive"])
            steps.Add(await RaiseAsync(_host.Admin, entry, step));
        Assert.Equal(
            [
                "awaitingApproval True", "declined True", "awaitingApproval True", "draft True", "archived True", "draft True", "versionComplete False", "archived True",
                "draft True",
            ],
            steps);
        Assert.Equal(["RecordPublished", "RecordUnpublished"], (await ChangesAsync()).Select(Tell).Where(text => text.EndsWith("ublished", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_takes_an_approval_is_not_published_round_it()
    {
        var entry = await InsertAsync("blog");
        using var published = await _host.SysAdmin.PostAsync($"/api/records/{entry.GetProperty("id")}/publish", null);
        Assert.Contains("versionComplete", (await Answer.ProblemAsync(published, 409)).GetProperty("detail").GetString());
        using var patched = await _host.SysAdmin.PatchAsJsonAsync($"/api/records/{entry.GetProperty("id")}", new { draft = false });
        await Answer.ProblemAsync(patched, 409);

        await RaiseAsync(_host.Admin, entry, "submitAndApprove");
        using var withdrawn = await _host.Editor.PostAsync($"/api/records/{entry.GetProperty("id")}/unpublish", null);
        await Answer.JsonAsync(withdrawn, 200);
        using var again = await _host.Editor.PostAsync($"/api/records/{entry.GetProperty("id")}/publish", null);
        Assert.False((await Answer.JsonAsync(again, 200)).GetProperty("draft").GetBoolean());
    }

    [Fact]
    public async Task A_step_that_takes_no_time_is_given_none()
    {
        var entry = await InsertAsync("blog");
        using var response = await _host.Admin.PostAsJsonAsync($"/api/records/{entry.GetProperty("id")}/workflow/submit", new { at = "2099-01-01T00:00:00Z" });
        await Answer.ProblemAsync(response, 422);
    }

    [Theory]
    [InlineData("contensisentrybasic.DRAFT.submit", "versionComplete False")]
    [InlineData("Submit", "versionComplete False")]
    [InlineData("contensisEntryApproval.draft.submit", "409")]
    [InlineData("contensisEntryBasic.versionComplete.archive", "409")]
    public async Task An_event_may_be_named_in_full_and_in_any_case(string name, string expected) =>
        Assert.Equal(expected, await RaiseAsync(_host.Editor, await InsertAsync("page"), name));

    [Fact]
    public void Every_step_leads_from_and_to_where_another_goes_on()
    {
        foreach (var workflow in Workflows.All)
        {
            Assert.Same(workflow, Workflows.Find(workflow.Id.ToUpperInvariant()));
            Assert.All(workflow.Transitions, transition => Assert.NotEmpty(workflow.From(transition.ToState)));
            Assert.Equal(workflow.Transitions.Count, workflow.Transitions.Select(transition => $"{transition.FromState}.{transition.EventName}").Distinct().Count());
            Assert.All(
                workflow.Transitions.Where(transition => workflow.PublishedState is not null),
                transition => Assert.Equal(transition.ToState == workflow.PublishedState, transition.Publishes ?? false));
        }
    }

    [Fact]
    public async Task News_and_blogs_have_what_a_newsroom_writes()
    {
        var fields = new Dictionary<string, string[]> { ["headline"] = ["Back on the wall"], ["department"] = ["Prints and maps"] };
        foreach (var (type, more) in new[] { ("news", "summary"), ("blog", "entryDescription"), ("page", "entryDescription") })
        {
            using var response = await _host.Editor.PostAsJsonAsync(
                "/api/records", new { type, title = "The harbour chart", fields = new Dictionary<string, string[]>(fields) { [more] = ["Cleaned and mended."] } });
            var record = await Answer.JsonAsync(response, 201);
            Assert.Equal("Prints and maps", record.GetProperty("fields").GetProperty("department")[0].GetString());
        }
    }

    private async Task<JsonElement> InsertAsync(string type) => await _host.InsertAsync(new { type, title = "An entry" });

    private static async Task<string> RaiseAsync(HttpClient client, JsonElement record, string step)
    {
        using var response = await client.PostAsync($"/api/records/{record.GetProperty("id")}/workflow/{step}", null);
        if (!response.IsSuccessStatusCode)
            return $"{(int)response.StatusCode}";
        var saved = await Answer.JsonAsync(response, 200);
        return $"{saved.GetProperty("workflowState")} {saved.GetProperty("draft")}";
    }

    private static string Tell(Change change) => (change.Kind, change.Workflow) switch
    {
        (ChangeKind.WorkflowEventRaised, { } step) => $"{change.Kind} {step.Workflow}.{step.FromState}.{step.EventName}",
        (ChangeKind.WorkflowStateChanged, { } step) => $"{change.Kind} {step.Workflow}.{step.ToState}",
        _ => $"{change.Kind}",
    };

    private Task<IReadOnlyList<Change>> ChangesAsync() => _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None);
}
