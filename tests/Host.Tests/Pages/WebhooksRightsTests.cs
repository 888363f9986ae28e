using System.Text.RegularExpressions;
using Host.Tests.Loading;

namespace Host.Tests.Pages;

/// <summary>The real plugin in the real host: who finds what of it on a record's page, among the presses and among the replays.</summary>
public sealed class WebhooksRightsTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks";

    private readonly RunningHost _host = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(_host.PluginsDirectory, "ApiWebhooks")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), $$"""
            { "buttons": [{ "location": "edit", "buttontext": "Fetch", "url": "{{_receiver.Url}}/press?id={id}" }],
              "hooks": [{ "label": "Everything told", "key": "all", "url": "{{_receiver.Url}}/events" }],
              "network": { "allow": ["{{new Uri(_receiver.Url).Authority}}"] } }
            """);
        PluginFolders.Put("Plugin.ApiWebhooks", _host.PluginsDirectory, "ApiWebhooks");
        await _host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Viewers_see_nothing_editors_presses_and_administrators_changes_and_deliveries_too()
    {
        var id = (await _host.InsertAsync(new { title = "A record for all eyes" })).GetProperty("id").GetInt64();
        await _receiver.WaitForAsync("/events", "A record for all eyes");
        using (var editor = await PageVisitor.SignInAsync(_host, "editor"))
        {
            var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
            Assert.Equal(303, (await editor.SubmitAsync(form, (await editor.GetAsync($"/records/{id}/edit")).Html.All("button").Single(button => button.Classes.Contains("press")))).Status);
        }
        using var sysadmin = await PageVisitor.SignInAsync(_host, "sysadmin");
        var press = Regex.Match((await sysadmin.GetAsync(Root + "/buttons/presses")).Html.Source, $"{Root}/buttons/presses/([^\"?]+)\"").Groups[1].Value;
        Assert.NotEqual("", press);
        var replay = await StartReplayAsync(sysadmin);

        // user, panel on the record: presses, changes; the record's presses, all presses, the press; replays, one replay
        await CheckAsync("viewer", false, false, 404, 403, 404, 403, 403, press, id, replay);
        await CheckAsync("editor", true, false, 200, 403, 200, 403, 403, press, id, replay);
        await CheckAsync("admin", true, true, 200, 200, 200, 200, 200, press, id, replay);
        await CheckAsync("sysadmin", true, true, 200, 200, 200, 200, 200, press, id, replay);
        using var nobody = new PageVisitor(_host.BaseUri);
        foreach (var path in new[] { "/buttons", "/buttons/presses", $"/buttons/presses?record={id}", $"/buttons/presses/{press}", "/replays", "/replays/new", replay[Root.Length..] })
            Assert.Equal(401, (await nobody.GetAsync(Root + path)).Status);
        Assert.Equal(303, (await nobody.GetAsync($"/records/{id}")).Status);
    }

    [Fact]
    public async Task Another_administrators_own_subscription_is_seen_by_sysadmins_alone_on_the_record_and_among_the_replays()
    {
        using (var made = await _host.Admin.PostAsync("/api/webhooks/subscriptions", System.Net.Http.Json.JsonContent.Create(new { label = "The admin’s own", dialect = "standard", url = $"{_receiver.Url}/own" })))
            await Answer.JsonAsync(made, 201);
        await _host.AddUserAsync("boss", ["admin"]);
        var id = (await _host.InsertAsync(new { title = "A record for some" })).GetProperty("id").GetInt64();
        await _receiver.WaitForAsync("/own", "A record for some");
        foreach (var (user, sees) in new[] { ("admin", true), ("boss", false), ("sysadmin", true) })
        {
            using var visitor = await PageVisitor.SignInAsync(_host, user);
            foreach (var path in new[] { $"/records/{id}", Root + "/replays/new" })
            {
                var text = (await visitor.GetAsync(path)).Text;
                Assert.Contains("Everything told", text, StringComparison.Ordinal);
                Assert.Equal(sees, text.Contains("The admin’s own", StringComparison.Ordinal));
            }
        }
    }

    private async Task CheckAsync(
        string user, bool panel, bool changes, int ofRecord, int all, int one, int replays, int oneReplay, string press, long id, string replay)
    {
        using var visitor = await PageVisitor.SignInAsync(_host, user);
        var record = await visitor.GetAsync($"/records/{id}");
        Assert.Equal(200, record.Status);
        Assert.Equal((panel, changes), (record.Text.Contains("Latest presses of buttons", StringComparison.Ordinal), record.Text.Contains("Latest changes and their deliveries", StringComparison.Ordinal)));
        Assert.Equal(changes, record.Text.Contains("Everything told", StringComparison.Ordinal));
        // Nothing inline: the host's policy would drop it.
        Assert.Empty(record.Html.All("style"));
        Assert.DoesNotContain(" style=\"", record.Html.Source, StringComparison.Ordinal);
        foreach (var (path, status) in new[]
        {
            ($"/buttons/presses?record={id}", ofRecord), ("/buttons/presses", all), ($"/buttons/presses/{press}", one), ("/buttons", all),
            ("/replays", replays), ("/replays/new", replays), (replay[Root.Length..], oneReplay), (replay[Root.Length..] + "/progress", oneReplay),
        })
            Assert.True((await visitor.GetAsync(Root + path)).Status is var got && got == status, $"{user} {path}: {got}, not {status}");
    }

    private static async Task<string> StartReplayAsync(PageVisitor visitor)
    {
        var form = (await visitor.GetAsync(Root + "/replays/new?subscription=all")).Html.Form("replay");
        var begun = await visitor.SubmitAsync(form, form.Buttons.Single(button => button.Attribute("value") == "start"));
        Assert.Equal(303, begun.Status);
        return begun.Location!;
    }
}
