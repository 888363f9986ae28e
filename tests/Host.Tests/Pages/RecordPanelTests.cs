using Dam.Hosting;
using Host.Tests.Loading;

namespace Host.Tests.Pages;

/// <summary>Panels of plugins on a record's page: shown as the plugin encoded them, and no harm to the page whatever the plugin does.</summary>
public sealed class RecordPanelTests : IAsyncLifetime
{
    private const string Missing = "This part of the page is not to be had just now.";

    private readonly RunningHost _host = new();

    public async Task InitializeAsync()
    {
        PluginFolders.Put("Fixture.Hello", _host.PluginsDirectory, "Hello");
        await _host.InitializeAsync();
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_panel_stands_below_the_record_with_its_title_encoded_and_its_content_as_it_is()
    {
        var page = await ShowUntilAsync("panel", "viewer", "Hello");
        Assert.Contains("Hello &lt;panel&gt;</h2>", page.Html.Source, StringComparison.Ordinal);
        Assert.Contains("<p>For <em>viewer</em> in en.</p>", page.Html.Source, StringComparison.Ordinal);
        Assert.True(page.Html.Source.IndexOf("For <em>", StringComparison.Ordinal) > page.Html.Source.IndexOf("id=\"history\"", StringComparison.Ordinal));
        Assert.DoesNotContain("Hello", (await ShowAsync("no such thing", "viewer")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("panel throws")]
    [InlineData("panel throws late")]
    [InlineData("panel hangs")]
    public async Task A_panel_that_fails_or_is_late_is_left_out_and_only_those_who_edit_are_told(string title)
    {
        var page = await ShowAsync(title, "editor");
        Assert.Contains(Missing, page.Text, StringComparison.Ordinal);
        Assert.Contains("Metadata", page.Text, StringComparison.Ordinal);
        Assert.Contains("Record created", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("purpose", page.Html.Source, StringComparison.Ordinal);
        Assert.DoesNotContain(Missing, (await ShowAsync(title, "viewer")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_hangs_delays_one_page_and_is_asked_again_when_it_has_answered()
    {
        Assert.Contains(Missing, (await ShowAsync("panel is deaf", "editor")).Text, StringComparison.Ordinal);
        // It would answer for this record at once; asked it is not.
        Assert.Contains(Missing, (await ShowAsync("panel", "editor")).Text, StringComparison.Ordinal);
        using var released = await _host.Nobody.PostAsync("/hello/release", null);
        Assert.Contains("For editor", (await ShowUntilAsync("panel", "editor", "For editor")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_changes_of_a_record_are_found_page_by_page()
    {
        var id = (await _host.InsertAsync(new { title = "panel" })).GetProperty("id").GetInt64();
        for (var i = 0; i < 3; i++)
        {
            using var content = System.Net.Http.Json.JsonContent.Create(new { title = $"Changed {i}" });
            using var answer = await _host.Editor.PatchAsync($"/api/records/{id}", content);
            await Answer.JsonAsync(answer, 200);
        }

        var log = _host.Get<IChangeLog>();
        var newest = await log.ReadOfRecordAsync(id, null, 2, CancellationToken.None);
        Assert.Equal(["Changed 2", "Changed 1"], newest!.Select(change => change.Record!.Title));
        var older = await log.ReadOfRecordAsync(id, newest![^1].Sequence, 10, CancellationToken.None);
        Assert.Equal([ChangeKind.MetadataChanged, ChangeKind.RecordInserted], older!.Select(change => change.Kind));
        Assert.Empty((await log.ReadOfRecordAsync(id + 1, null, 10, CancellationToken.None))!);
    }

    // A page waits a second for its panels: one that was not drawn by then is there another time.
    private async Task<PageAnswer> ShowUntilAsync(string title, string user, string words)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var page = await ShowAsync(title, user);
            if (patience.IsCancellationRequested || page.Text.Contains(words, StringComparison.Ordinal))
                return page;
        }
    }

    private async Task<PageAnswer> ShowAsync(string title, string user)
    {
        var id = (await _host.InsertAsync(new { title })).GetProperty("id").GetInt64();
        using var visitor = await PageVisitor.SignInAsync(_host, user);
        var page = await visitor.GetAsync($"/records/{id}");
        Assert.Equal(200, page.Status);
        return page;
    }
}
