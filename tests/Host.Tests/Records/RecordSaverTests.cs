using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Changes;
using SampleHost.Loading;
using SampleHost.Records;

namespace Host.Tests.Records;

/// <summary>Saving as the pages use it: versions, press keys and the hooks of a real plugin.</summary>
public sealed class RecordSaverTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();
    private RecordSaver _saver = null!;
    private HostUser _editor = null!;

    public async Task InitializeAsync()
    {
        Loading.PluginFolders.Put("Fixture.Buttons", Directory.CreateDirectory(_host.PluginsDirectory).FullName, "Fixture.Buttons");
        await _host.InitializeAsync();
        Assert.Equal(PluginState.Running, Assert.Single(_host.Get<PluginRegistry>().List()).State);
        (_saver, _editor) = (_host.Get<RecordSaver>(), _host.Get<Users>().Find("editor")!);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_press_key_is_saved_once_however_often_the_form_comes()
    {
        var record = await InsertAsync("Press me");
        var first = Assert.IsType<SaveResult.Saved>(await UpdateAsync(record, "Pressed", "key-1"));
        Assert.Equal(2, first.Record.Version);

        // The same form again: stale by its own first sending, but known.
        var again = Assert.IsType<SaveResult.AlreadyPressed>(await UpdateAsync(record, "Pressed", "key-1"));
        Assert.Equal(2, again.Record.Version);
        Assert.Equal(2, (await ChangesAsync()).Count);
        Assert.IsType<SaveResult.Stale>(await UpdateAsync(record, "Pressed", "key-2"));
        Assert.IsType<SaveResult.Saved>(await UpdateAsync(first.Record, "Pressed again", "key-2"));
    }

    [Fact]
    public async Task A_press_that_changes_nothing_is_remembered_without_version_or_change()
    {
        var record = await InsertAsync("Same");
        var saved = Assert.IsType<SaveResult.Saved>(await UpdateAsync(record, "Same", "key-1"));
        Assert.Empty(saved.Changes);
        Assert.Equal(1, saved.Record.Version);
        Assert.IsType<SaveResult.AlreadyPressed>(await UpdateAsync(record, "Same", "key-1"));
    }

    [Fact]
    public async Task A_press_key_of_a_refused_save_is_free_again()
    {
        var record = await InsertAsync("Twice");
        Assert.IsType<SaveResult.Invalid>(await UpdateAsync(record, "", "key-1"));
        Assert.IsType<SaveResult.Saved>(await UpdateAsync(record, "Now valid", "key-1"));
    }

    [Fact]
    public async Task Two_presses_at_once_save_once()
    {
        var record = await InsertAsync("Double click");
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => UpdateAsync(record, "Clicked", "key-1"))));
        Assert.Single(results.OfType<SaveResult.Saved>());
        Assert.Equal(7, results.OfType<SaveResult.AlreadyPressed>().Count());
    }

    [Fact]
    public async Task Of_many_who_saw_the_same_version_one_saves()
    {
        var record = await InsertAsync("Race");
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => UpdateAsync(record, $"Winner {i}"))));
        Assert.Single(results.OfType<SaveResult.Saved>());
        Assert.Equal(15, results.OfType<SaveResult.Stale>().Count());
    }

    [Fact]
    public async Task Without_an_expected_version_every_update_goes_through_also_with_hooks_looking_on()
    {
        var record = await InsertAsync("Many");
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => _saver.UpdateAsync(
            new UpdateRequest(record.Id, _editor, ChangeOrigin.Api) { Fields = Fields(("title", $"Number {i}")) }, CancellationToken.None))));
        Assert.All(results, result => Assert.IsType<SaveResult.Saved>(result));
        Assert.Equal(17, results.Cast<SaveResult.Saved>().Max(result => result.Record.Version));
    }

    [Fact]
    public async Task A_hook_objects_to_a_field_cancels_or_breaks_and_nothing_is_saved()
    {
        var record = await InsertAsync("Hooked");
        var invalid = Assert.IsType<SaveResult.Invalid>(await UpdateAsync(record, "refuse me"));
        Assert.Equal("title", Assert.Single(invalid.Errors).Field);
        Assert.Equal("The fixture cancels this save.", Assert.IsType<SaveResult.Cancelled>(await UpdateAsync(record, "cancel me")).Reason);
        var broken = Assert.IsType<SaveResult.Cancelled>(await UpdateAsync(record, "break me"));
        Assert.Contains("Fixture.Buttons", broken.Reason);
        Assert.DoesNotContain("breaks", broken.Reason);
        Assert.IsType<SaveResult.Invalid>(await _saver.InsertAsync(Insert("refuse me"), CancellationToken.None));

        Assert.Single(await ChangesAsync());
        Assert.IsType<SaveResult.Saved>(await UpdateAsync(record, "fine"));
    }

    [Fact]
    public async Task A_search_finds_words_in_any_field_in_any_case()
    {
        await InsertAsync("Der Überseehafen");
        var hamburg = await InsertAsync("Harbour");
        Assert.IsType<SaveResult.Saved>(await _saver.UpdateAsync(
            new UpdateRequest(hamburg.Id, _editor, ChangeOrigin.Page) { Fields = Fields(("keywords", "Ölhafen, 100 % neu")) }, CancellationToken.None));
        Assert.Equal(["Der Überseehafen"], await SearchAsync("ÜBERSEE"));
        Assert.Equal(["Der Überseehafen", "Harbour"], await SearchAsync("HAFEN"));
        Assert.Equal(["Harbour"], await SearchAsync("100 %"));
        Assert.Equal(["Harbour"], await SearchAsync("neu harbour"));
        Assert.Empty(await SearchAsync("harbour _"));
    }

    private async Task<IEnumerable<string>> SearchAsync(string text) =>
        (await _host.Get<RecordStore>().SearchAsync(new RecordQuery(text, 0, 10, _editor), CancellationToken.None)).Records.Select(record => record.Title);

    private async Task<IReadOnlyList<Change>> ChangesAsync() => await _host.Get<ChangeLog>().ReadAfterAsync(0, 1_000, CancellationToken.None);

    private async Task<RecordSnapshot> InsertAsync(string title) =>
        Assert.IsType<SaveResult.Saved>(await _saver.InsertAsync(Insert(title), CancellationToken.None)).Record;

    private InsertRequest Insert(string title) => new(_editor, ChangeOrigin.Page) { Fields = Fields(("title", title)) };

    private Task<SaveResult> UpdateAsync(RecordSnapshot record, string title, string? pressKey = null) =>
        _saver.UpdateAsync(
            new UpdateRequest(record.Id, _editor, ChangeOrigin.Button)
            {
                ExpectedVersion = record.Version,
                Fields = Fields(("title", title)),
                PressKey = pressKey,
            },
            CancellationToken.None);

    private static Dictionary<string, IReadOnlyList<string>> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => (IReadOnlyList<string>)[field.Value]);
}
