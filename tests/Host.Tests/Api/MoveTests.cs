using System.Net.Http.Json;
using Dam.Hosting;
using SampleHost.Accounts;

namespace Host.Tests.Api;

/// <summary>Records move between collections, and each change says what was before.</summary>
public sealed class MoveTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();
    private long _maps;

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        _maps = Assert.IsType<CreateResult.Created>(await _host.Get<Collections>().CreateAsync("maps", "Maps", CancellationToken.None)).Id;
        Assert.IsType<CreateResult.Created>(await _host.Get<Collections>().CreateAsync("letters", "Letters", CancellationToken.None));
        await _host.AddUserAsync("mapeditor", [], new() { ["maps"] = ["editor"] });
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Collections_have_numbers_that_stay()
    {
        using var response = await _host.Viewer.GetAsync("/api/collections");
        var listed = (await Answer.JsonAsync(response, 200)).GetProperty("collections").EnumerateArray()
            .Select(one => $"{one.GetProperty("name")} {one.GetProperty("id")}");
        Assert.Equal(["letters 2", "maps 1"], listed);
        Assert.Equal(1, _maps);
    }

    [Fact]
    public async Task A_record_moves_in_on_and_out_and_the_log_says_from_where()
    {
        var id = (await _host.InsertAsync(new { title = "Chart" })).GetProperty("id").GetInt64();
        Assert.Equal("maps 1 2", await MoveAsync(id, "maps"));
        Assert.Equal("letters 2 3", await MoveAsync(id, "letters"));
        Assert.Equal("letters 2 3", await MoveAsync(id, "letters"));
        Assert.Equal("- - 4", await MoveAsync(id, null));

        var changes = await ChangesAsync();
        Assert.Equal([ChangeKind.RecordInserted, ChangeKind.RecordMoved, ChangeKind.RecordMoved, ChangeKind.RecordMoved], changes.Select(change => change.Kind));
        Assert.Equal([null, null, new CollectionRef(1, "maps"), new CollectionRef(2, "letters")], changes.Select(change => change.PreviousCollection));
        Assert.Equal([null, 1, 2, null], changes.Select(change => change.Record!.CollectionId));
        Assert.Equal([null, "maps", "letters", null], changes.Select(change => change.Record!.Collection));
    }

    [Fact]
    public async Task A_patch_that_changes_and_moves_logs_both()
    {
        var id = (await _host.InsertAsync(new { title = "Chart", collection = "maps" })).GetProperty("id").GetInt64();
        using var response = await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { title = "Letter", collection = "letters" });
        Assert.Equal(2, (await Answer.JsonAsync(response, 200)).GetProperty("version").GetInt64());
        Assert.Equal([ChangeKind.RecordInserted, ChangeKind.MetadataChanged, ChangeKind.RecordMoved], (await ChangesAsync()).Select(change => change.Kind));
    }

    [Fact]
    public async Task A_move_is_refused_to_where_there_is_nothing_and_to_where_the_user_may_not_create()
    {
        using (var inserted = await _host.Client("mapeditor").PostAsJsonAsync("/api/records", new { title = "Chart", collection = "maps" }))
        {
            var id = (await Answer.JsonAsync(inserted, 201)).GetProperty("id").GetInt64();
            using var nowhere = await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { collection = "ghosts" });
            Assert.Contains("ghosts", (await Answer.ProblemAsync(nowhere, 422)).GetProperty("errors").GetProperty("collection")[0].GetString());
            using var abroad = await _host.Client("mapeditor").PatchAsJsonAsync($"/api/records/{id}", new { collection = "letters" });
            await Answer.ProblemAsync(abroad, 403);
            using var outside = await _host.Client("mapeditor").PatchAsJsonAsync($"/api/records/{id}", new { collection = (string?)null });
            await Answer.ProblemAsync(outside, 403);
        }

        Assert.Equal([ChangeKind.RecordInserted], (await ChangesAsync()).Select(change => change.Kind));
    }

    [Fact]
    public async Task Each_change_of_status_says_what_it_was_and_other_changes_say_nothing()
    {
        var id = (await _host.InsertAsync(new { title = "Work", draft = true })).GetProperty("id").GetInt64();
        (await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { title = "Other" })).Dispose();
        (await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { title = "Third", @private = true, draft = false })).Dispose();
        (await _host.Admin.PostAsync($"/api/records/{id}/publish", null)).Dispose();
        (await _host.Admin.PostAsync($"/api/records/{id}/unpublish", null)).Dispose();
        (await _host.Admin.PostAsync($"/api/records/{id}/workflow/submit", null)).Dispose();

        var before = new RecordStatus(false, true, "draft");
        Assert.Equal(
            [
                (ChangeKind.RecordInserted, null),
                (ChangeKind.MetadataChanged, null),
                (ChangeKind.MetadataChanged, before),
                (ChangeKind.RecordPublished, before),
                (ChangeKind.RecordPublished, null),
                (ChangeKind.RecordUnpublished, new RecordStatus(true, false, "draft")),
                (ChangeKind.WorkflowEventRaised, new RecordStatus(true, true, "draft")),
                (ChangeKind.WorkflowStateChanged, new RecordStatus(true, true, "draft")),
            ],
            (await ChangesAsync()).Select(change => (change.Kind, change.PreviousStatus)));
    }

    private async Task<string> MoveAsync(long id, string? collection)
    {
        using var response = await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { collection });
        var record = await Answer.JsonAsync(response, 200);
        return $"{Text("collection")} {Text("collectionId")} {record.GetProperty("version")}";

        string Text(string name) => record.GetProperty(name).ToString() is { Length: > 0 } text ? text : "-";
    }

    private Task<IReadOnlyList<Change>> ChangesAsync() => _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None);
}
