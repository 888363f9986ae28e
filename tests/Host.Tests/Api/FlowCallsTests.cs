using System.Net.Http.Json;
using System.Text.Json;

namespace Host.Tests.Api;

/// <summary>Publication, workflow, feeds, collections, and what each writes into the change log.</summary>
public sealed class FlowCallsTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_draft_is_published_and_withdrawn()
    {
        var id = (await _host.InsertAsync(new { title = "A draft", draft = true })).GetProperty("id").GetInt64();
        using var published = await _host.Editor.PostAsync($"/api/records/{id}/publish", null);
        Assert.False((await Answer.JsonAsync(published, 200)).GetProperty("draft").GetBoolean());
        using var again = await _host.Editor.PostAsync($"/api/records/{id}/publish", null);
        Assert.Equal(2, (await Answer.JsonAsync(again, 200)).GetProperty("version").GetInt64());
        using var withdrawn = await _host.Editor.PostAsync($"/api/records/{id}/unpublish", null);
        Assert.True((await Answer.JsonAsync(withdrawn, 200)).GetProperty("draft").GetBoolean());

        Assert.Equal(["RecordInserted", "RecordPublished", "RecordPublished", "RecordUnpublished"], await KindsAsync());
    }

    [Fact]
    public async Task A_workflow_event_changes_the_state_and_logs_both()
    {
        var id = (await _host.InsertAsync(new { title = "Work" })).GetProperty("id").GetInt64();
        using var submitted = await _host.Editor.PostAsync($"/api/records/{id}/workflow/submit", null);
        Assert.Equal("submitted", (await Answer.JsonAsync(submitted, 200)).GetProperty("workflowState").GetString());

        var changes = await ChangesAsync();
        Assert.Equal(["RecordInserted", "WorkflowEventRaised", "WorkflowStateChanged"], changes.Select(Kind));
        var step = changes[1].GetProperty("workflow");
        Assert.Equal("basic draft submit submitted",
            $"{step.GetProperty("workflow")} {step.GetProperty("fromState")} {step.GetProperty("eventName")} {step.GetProperty("toState")}");
    }

    [Fact]
    public async Task An_event_the_state_does_not_know_is_refused_with_what_is_possible()
    {
        var id = (await _host.InsertAsync(new { title = "Work" })).GetProperty("id").GetInt64();
        using var response = await _host.Admin.PostAsync($"/api/records/{id}/workflow/approve", null);
        Assert.Contains("submit", (await Answer.ProblemAsync(response, 409)).GetProperty("detail").GetString());
        Assert.Equal(["RecordInserted"], await KindsAsync());
    }

    [Fact]
    public async Task Approving_takes_an_admin()
    {
        var id = (await _host.InsertAsync(new { title = "Work" })).GetProperty("id").GetInt64();
        (await _host.Editor.PostAsync($"/api/records/{id}/workflow/submit", null)).Dispose();
        using var refused = await _host.Editor.PostAsync($"/api/records/{id}/workflow/approve", null);
        await Answer.ProblemAsync(refused, 403);
        using var approved = await _host.Admin.PostAsync($"/api/records/{id}/workflow/approve", null);
        Assert.Equal("approved", (await Answer.JsonAsync(approved, 200)).GetProperty("workflowState").GetString());
    }

    [Fact]
    public async Task A_type_without_workflow_says_so()
    {
        var record = await _host.InsertAsync(new { title = "Picture", type = "image" });
        Assert.Equal(JsonValueKind.Null, record.GetProperty("workflowState").ValueKind);
        using var response = await _host.Editor.PostAsync($"/api/records/{record.GetProperty("id")}/workflow/submit", null);
        await Answer.ProblemAsync(response, 409);
    }

    [Fact]
    public async Task An_entry_in_a_feed_is_logged_with_feed_author_and_users()
    {
        using var created = await _host.Admin.PostAsJsonAsync("/api/feeds", new { title = "Cannes Festival", description = "Everyday news", @public = true });
        var feed = await Answer.JsonAsync(created, 201);
        using var published = await _host.Editor.PostAsJsonAsync(
            $"/api/feeds/{feed.GetProperty("id")}/entries", new { title = "Winners", description = "They spoke.", notifiedUsers = new[] { "viewer" } });
        Assert.Equal("The editor", (await Answer.JsonAsync(published, 201)).GetProperty("authorName").GetString());

        var change = Assert.Single(await ChangesAsync());
        Assert.Equal("FeedEntryPublished", Kind(change));
        Assert.False(change.TryGetProperty("record", out var record) && record.ValueKind != JsonValueKind.Null);
        var entry = change.GetProperty("feedEntry");
        Assert.Equal("Cannes Festival", entry.GetProperty("feedTitle").GetString());
        Assert.True(entry.GetProperty("feedIsPublic").GetBoolean());
        Assert.Equal("editor@example.org", entry.GetProperty("authorEmail").GetString());
        Assert.Equal("viewer", entry.GetProperty("notifiedUsers")[0].GetString());
    }

    [Fact]
    public async Task A_feed_entry_with_faults_is_refused_whole()
    {
        using var created = await _host.Admin.PostAsJsonAsync("/api/feeds", new { title = "Feed" });
        var id = (await Answer.JsonAsync(created, 201)).GetProperty("id").GetInt64();
        using var response = await _host.Editor.PostAsJsonAsync(
            $"/api/feeds/{id}/entries", new { title = "x", notifiedUsers = new[] { "ghost" }, records = new[] { 99 } });
        var errors = (await Answer.ProblemAsync(response, 422)).GetProperty("errors");
        Assert.Equal(["notifiedUsers", "records"], errors.EnumerateObject().Select(error => error.Name));
        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task A_record_with_others_below_it_is_not_deleted()
    {
        var parent = await _host.InsertAsync(new { title = "Fonds" });
        await _host.InsertAsync(new { title = "Series", parentId = parent.GetProperty("id").GetInt64() });
        using var response = await _host.Editor.DeleteAsync($"/api/records/{parent.GetProperty("id")}");
        Assert.Contains("lie below", (await Answer.ProblemAsync(response, 409)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_patch_can_publish_and_make_private_and_logs_each()
    {
        var record = await _host.InsertAsync(new { title = "Both", draft = true });
        using var response = await _host.Editor.PatchAsJsonAsync($"/api/records/{record.GetProperty("id")}", new { draft = false, @private = true });
        await Answer.JsonAsync(response, 200);
        Assert.Equal(["RecordInserted", "MetadataChanged", "RecordPublished"], await KindsAsync());
    }

    private async Task<IEnumerable<string>> KindsAsync() => (await ChangesAsync()).Select(Kind);

    private static string Kind(JsonElement change) => change.GetProperty("kind").GetString()!;

    private async Task<List<JsonElement>> ChangesAsync()
    {
        using var response = await _host.SysAdmin.GetAsync("/api/changes?after=0&limit=100");
        return (await Answer.JsonAsync(response, 200)).GetProperty("changes").EnumerateArray().ToList();
    }
}
