using System.Net;
using System.Text.RegularExpressions;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Buttons;
using static Plugin.Tests.Buttons.LoggedPresses;

namespace Plugin.Tests.Pages;

/// <summary>The pages of buttons and of their presses: what stands where for whom, and the history of presses.</summary>
public sealed partial class ButtonPagesTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/buttons";
    private const string Hostile = "<script>alert(1)</script>";

    private const string Config = """
        { "buttons": [
            { "buttontext": "~en:Fetch~fr:Récupérer", "url": "https://user:passw0rd@cms.example.org/hook?token=planted&id=", "secret": "whsec_bWFueSBieXRlcyBvZiBhIHNlY3JldCBmb3IgdGVzdHM=", "confirm": "~en:Sure?~fr:Sûr ?" },
            { "buttontext": "<script>alert(1)</script>", "key": "hostile", "url": "https://cms.example.org/", "headers": { "X-Token": "planted" } },
            { "buttontext": "Maps", "url": "https://cms.example.org/map/", "types": ["map"] },
            { "buttontext": "Boss", "url": "https://cms.example.org/boss/", "roles": ["Admin", "curator"] },
            { "buttontext": "Lost", "url": "https://cms.example.org/lost/", "location": "view" } ] }
        """;

    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        var host = new TestHost();
        host.Users["french"] = TestHost.User("french", "admin", "editor", "viewer") with { Language = "fr" };
        host.Records[14] = TestHost.Record(14, "map");
        host.Visible = (_, record) => record.Id != 66;
        host.Records[66] = TestHost.Record(66);
        _plugin = await TestPlugin.StartAsync(_folder.With(Config), host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_button_stands_there_as_it_looks_with_where_for_whom_and_address_without_secrets()
    {
        var html = await ReadAsync("");
        Assert.Equal(["Fetch", "&lt;script&gt;alert(1)&lt;/script&gt;", "Maps", "Boss", "Lost"], Previews().Matches(html).Select(match => match.Groups[1].Value));
        Assert.Contains("https://***@cms.example.org/hook?token=***&amp;id=", html, StringComparison.Ordinal);
        foreach (var word in new[] { "passw0rd", "planted", "whsec_", Hostile })
            Assert.DoesNotContain(word, html, StringComparison.Ordinal);
        foreach (var words in new[] { "Only with one of the roles Admin, curator", "Only on records of the types map", "Shown nowhere: its location is “view”", "Récupérer", "Sure?", ">signed<", ">not signed<" })
            Assert.Contains(words, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/ApiWebhooks/import-buttons\"", html, StringComparison.Ordinal);
        var french = WebUtility.HtmlDecode(await ReadAsync("", "french"));
        Assert.Contains("disabled>Récupérer</button>", french, StringComparison.Ordinal);
        Assert.Contains("Affiché nulle part", french, StringComparison.Ordinal);
        Assert.Contains("Sûr ?", french, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record=13&role=editor", "Fetch, " + Hostile, "Maps, Boss, Lost")]
    [InlineData("record=14&role=editor", "Fetch, " + Hostile + ", Maps", "Boss, Lost")]
    [InlineData("record=14&role=sysadmin", "Fetch, " + Hostile + ", Maps, Boss", "Lost")]
    [InlineData("record=13&role=viewer&user=admin", "Fetch, " + Hostile + ", Boss", "Maps, Lost")]
    [InlineData("record=13&role=viewer", "", "")]
    [InlineData("record=13&user=viewer", "", "")]
    public async Task Who_would_see_what_is_told_as_the_edit_page_decides_it(string query, string shown, string hidden)
    {
        var seen = WebUtility.HtmlDecode(await ReadAsync("?" + query)).Split("class=\"webhooks-seen\"")[1];
        Assert.Equal(shown, string.Join(", ", Previews().Matches(seen).Select(match => match.Groups[1].Value)));
        Assert.Equal(hidden, string.Join(", ", Regex.Matches(seen, "<strong>(.*?)</strong>").Select(match => match.Groups[1].Value)));
        if (shown.Length == 0)
            Assert.Contains("may not edit “A record”", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record=x", "Write the record’s number")]
    [InlineData("record=", "Write the record’s number")]
    [InlineData("record=99", "There is no such record.")]
    [InlineData("record=66", "There is no such record.")]
    [InlineData("record=13&user=nobody", "There is no such user.")]
    public async Task What_cannot_be_looked_up_is_told_at_its_field(string query, string words)
    {
        var html = await ReadAsync("?" + query);
        Assert.Contains($"<p class=\"error\"", html, StringComparison.Ordinal);
        Assert.Contains(words, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.DoesNotContain("webhooks-seen", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_is_filtered_and_goes_on_page_by_page()
    {
        var log = _plugin.Get<PressLog>();
        for (var i = 0; i < 120; i++)
            await log.EnterAsync(Press($"k{i:000}", i, button: i % 2 == 0 ? "fetch" : "gone", record: i == 7 ? -5 : 13), i == 9 ? AttemptOutcome.ServerError : AttemptOutcome.Succeeded);
        var keys = new List<string>();
        for (var path = "/presses?button=fetch"; path.Length > 0;)
        {
            var html = await ReadAsync(path);
            keys.AddRange(KeysIn(html));
            path = Older().Match(html) is { Success: true } link ? WebUtility.HtmlDecode(link.Groups[1].Value)[Root.Length..] : "";
        }
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"k{118 - (2 * i):000}"), keys);
        Assert.Equal(["k009"], KeysIn(await ReadAsync("/presses?outcome=failed")));
        Assert.Equal(["k007"], KeysIn(await ReadAsync("/presses?record=-5&user=EDITOR")));
        Assert.Empty(KeysIn(await ReadAsync("/presses?user=nobody")));
        Assert.Contains("Write the record", await ReadAsync("/presses?record=x"), StringComparison.Ordinal);
        Assert.Contains("gone (not configured any more)", await ReadAsync("/presses"), StringComparison.Ordinal);
        Assert.Contains("k118", await ReadAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_press_is_told_with_request_answer_and_advice_and_nothing_of_it_becomes_markup()
    {
        var press = Press("bad") with { ButtonLabel = Hostile, Request = $"X-Token: ***\n\n{Hostile}", UserName = Hostile, RecordPid = Hostile };
        await _plugin.Get<PressLog>().EnterAsync(press, AttemptOutcome.ServerError, new PressEnd
        {
            EndedAt = First, Outcome = null, Status = 500, Reason = Hostile, Duration = TimeSpan.FromSeconds(1.5), Location = Hostile, Detail = Hostile, AnswerType = Hostile, Answer = Hostile, Message = Hostile,
        });
        foreach (var path in new[] { "/presses/bad", "/presses", "" })
            Assert.DoesNotContain(Hostile, await ReadAsync(path), StringComparison.Ordinal);
        var html = await ReadAsync("/presses/bad");
        foreach (var words in new[] { "look into its log", "cms.example.org failed", "1.50", "X-Token: ***", "POST http://cms.example.org/hook?id=13", ">failed<" })
            Assert.Contains(words, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("consultez son journal", await ReadAsync("/presses/bad", "french"), StringComparison.Ordinal);
        await _plugin.Get<PressLog>().EnterAsync(Press("runs"), outcome: null);
        Assert.Contains("Look again", await ReadAsync("/presses/runs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Viewers_see_nothing_and_editors_the_presses_of_records_they_may_edit()
    {
        await _plugin.Get<PressLog>().EnterAsync(Press("mine"), end: new PressEnd { EndedAt = First, Outcome = null, Duration = TimeSpan.Zero, Answer = "told in private" });
        await _plugin.Get<PressLog>().EnterAsync(Press("gone", record: 99));
        Assert.Equal(["mine"], KeysIn(await ReadAsync("/presses?record=13", "editor")));
        var page = await ReadAsync("/presses/mine", "editor");
        foreach (var hidden in new[] { "X-Token", "told in private", "webhooks-nav", "<form" })
            Assert.DoesNotContain(hidden, page + await ReadAsync("/presses?record=13", "editor"), StringComparison.Ordinal);
        foreach (var (path, status) in new[] { ("", 403), ("/presses", 403), ("/presses?record=99", 404), ("/presses?record=x", 403), ("/presses/gone", 404), ("/presses/none", 404) })
            Assert.Equal(status, await StatusAsync(path, "editor"));
        foreach (var (path, status) in new[] { ("", 403), ("/presses", 403), ("/presses?record=13", 404), ("/presses/mine", 404) })
        {
            Assert.Equal(status, await StatusAsync(path, "viewer"));
            Assert.Equal(401, await StatusAsync(path, null));
        }
    }

    private static IEnumerable<string> KeysIn(string html) => Keys().Matches(html).Select(match => match.Groups[1].Value);

    private async Task<string> ReadAsync(string path, string user = "admin")
    {
        using var answer = await SendAsync(path, user);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<int> StatusAsync(string path, string? user)
    {
        using var answer = await SendAsync(path, user);
        return (int)answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Root + path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        return await _plugin.Client.SendAsync(request);
    }

    [GeneratedRegex("<button type=\"button\" class=\"press\" disabled>(.*?)</button>")]
    private static partial Regex Previews();

    [GeneratedRegex("href=\"/plugins/ApiWebhooks/buttons/presses/([^\"]+)\" title")]
    private static partial Regex Keys();

    [GeneratedRegex("href=\"([^\"]+)\" rel=\"next\"")]
    private static partial Regex Older();
}
