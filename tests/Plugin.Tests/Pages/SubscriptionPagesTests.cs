using System.Net;
using System.Text.RegularExpressions;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.Tests.Pages;

/// <summary>Subscriptions made, changed and deleted on pages, in the words of their dialect and without JavaScript.</summary>
public sealed partial class SubscriptionPagesTests : IAsyncLifetime
{
    private const string Root = "/plugins/ApiWebhooks/subscriptions";

    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        var host = new TestHost();
        host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        host.Users["boss"] = TestHost.User("boss", "admin", "sysadmin");
        host.Users["cookie"] = TestHost.User("cookie", "admin", "editor", "viewer");
        _plugin = await TestPlugin.StartAsync(_folder.With("""{ "hooks": [{ "label": "Filed", "url": "https://user:passw0rd@a.example.org/" }] }"""), host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("standard", "Events", "Payload")]
    [InlineData("docuteam", "Target URL", "Field label")]
    [InlineData("contensis", "Topics", "Templates")]
    [InlineData("ckan", "Topic", "Secret")]
    [InlineData("phraseanet", "Label", "Secret")]
    public async Task The_form_of_each_dialect_asks_in_its_words(string dialect, params string[] words)
    {
        var html = await GetAsync($"{Root}/new?dialect={dialect}");
        Assert.All(words, word => Assert.Contains(word, html, StringComparison.Ordinal));
        // Files and proxies are not for pages.
        Assert.DoesNotContain("caFile", html, StringComparison.Ordinal);
        Assert.Contains($"{Root}/new?dialect={dialect}", await GetAsync(Root + "/new"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_was_filled_in_becomes_a_subscription_and_shows_its_secret_this_once()
    {
        using var answer = await SendAsync(HttpMethod.Post, Root + "/new?dialect=docuteam", "admin", Docuteam());
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var made = answer.Headers.Location!.ToString();
        // Not for another's eyes, and not a second time.
        Assert.DoesNotMatch("whsec_[A-Za-z0-9+/=]{8,}", await (await SendAsync(HttpMethod.Get, made, "boss")).Content.ReadAsStringAsync());
        Assert.Matches("whsec_[A-Za-z0-9+/=]{8,}", WebUtility.HtmlDecode(await GetAsync(made)));
        Assert.DoesNotMatch("whsec_[A-Za-z0-9+/=]{8,}", WebUtility.HtmlDecode(await GetAsync(made)));
        var hook = Assert.Single(_plugin.Get<StoredHooks>().All);
        Assert.Equal(
            """{"label":"Feeder","url":"https://feeder.example.org/events?key=planted","operation":"change-metadata","token":"planted-token","additionalMetadata":[{"fieldLabel":"title","predicate":"rico:title","includePreviousValues":true}],"timeoutSeconds":2.5,"filter":{"types":["map","image"],"fields":[{"name":"rights","to":["open",""]}]},"dialect":"docuteam"}""",
            hook.Settings.ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal));
        var again = await GetAsync($"{Root}/{hook.Id:D}");
        Assert.DoesNotMatch("whsec_[A-Za-z0-9+/=]{8,}", again);
        Assert.DoesNotContain("planted", again, StringComparison.Ordinal);
        Assert.Contains("Feeder", await GetAsync(Root), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_stand_at_their_fields_and_what_was_typed_is_kept()
    {
        var form = Docuteam();
        form["url"] = "ftp://feeder.example.org/";
        form["additionalMetadata[2]"] = "1";
        form["additionalMetadata[2].fieldLabel"] = "pid";
        form["additionalMetadata[2].predicate"] = "rico:tilte";
        form["timeoutSeconds"] = "soon";
        form["headers"] = "X-Site without a colon";
        var (status, html) = await PostAsync("/new?dialect=docuteam", form);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Empty(_plugin.Get<StoredHooks>().All);
        foreach (var (id, words) in new[] { ("f-url", "ftp"), ("f-additionalMetadata-1--fieldLabel", "pid"), ("f-additionalMetadata-1--predicate", "rico:title"), ("f-timeoutSeconds", "soon"), ("f-headers", "colon") })
        {
            var notes = Regex.Match(html, $"id=\"{id}-notes\">(.*?)</div>", RegexOptions.Singleline).Groups[1].Value;
            Assert.Contains("class=\"error\"", notes, StringComparison.Ordinal);
            Assert.Contains(words, notes, StringComparison.Ordinal);
        }
        foreach (var typed in new[] { "value=\"ftp://feeder.example.org/\"", "value=\"rico:tilte\"", "value=\"soon\"", "X-Site without a colon", "value=\"Feeder\"", "<details open" })
            Assert.Contains(typed, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_edit_keeps_what_is_starred_and_the_second_of_two_is_told()
    {
        await PostAsync("/new?dialect=docuteam", Docuteam());
        var id = Assert.Single(_plugin.Get<StoredHooks>().All).Id;
        var fields = FieldsOf(await GetAsync($"{Root}/{id:D}/edit"));
        Assert.Equal(("***", "https://feeder.example.org/events?key=***", "1"), (fields["token"], fields["url"], fields["version"]));
        fields["label"] = "Renamed";
        fields["do"] = "save";
        var (status, _) = await PostAsync($"/{id:D}/edit", fields);
        Assert.Equal(HttpStatusCode.SeeOther, status);
        var saved = _plugin.Get<StoredHooks>().Find(id)!;
        Assert.Equal((2, "Renamed", "planted-token", "https://feeder.example.org/events?key=planted"),
            (saved.Version, saved.Settings["label"]!.ToString(), saved.Settings["token"]!.ToString(), saved.Settings["url"]!.ToString()));
        Assert.Equal("rico:title", saved.Settings["additionalMetadata"]![0]!["predicate"]!.ToString());

        fields["label"] = "Late";
        (status, var html) = await PostAsync($"/{id:D}/edit", fields);
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Equal(("Late", "2"), (FieldsOf(html)["label"], FieldsOf(html)["version"]));
        Assert.Equal("Renamed", _plugin.Get<StoredHooks>().Find(id)!.Settings["label"]!.ToString());
    }

    [Fact]
    public async Task One_more_row_saves_nothing_and_keeps_what_was_typed()
    {
        var form = Docuteam();
        form["do"] = "rows";
        var (status, html) = await PostAsync("/new?dialect=docuteam", form);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(_plugin.Get<StoredHooks>().All);
        Assert.Contains("name=\"additionalMetadata[1].predicate\"", html, StringComparison.Ordinal);
        Assert.Equal("planted-token", FieldsOf(html)["token"]);
    }

    [Fact]
    public async Task Deleting_asks_first()
    {
        await PostAsync("/new?dialect=docuteam", Docuteam());
        var id = Assert.Single(_plugin.Get<StoredHooks>().All).Id;
        var fields = FieldsOf(await GetAsync($"{Root}/{id:D}/delete"));
        Assert.NotEmpty(_plugin.Get<StoredHooks>().All);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PostAsync($"/{id:D}/delete", new() { ["version"] = "7" })).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync($"/{id:D}/delete", fields)).Status);
        Assert.Empty(_plugin.Get<StoredHooks>().All);
    }

    [Fact]
    public async Task Those_of_the_file_are_shown_and_not_changed()
    {
        var html = await GetAsync(Root + "/filed");
        Assert.Contains(_plugin.Get<Plugin.ApiWebhooks.Configure.SettingsFile>().Path, html, StringComparison.Ordinal);
        Assert.Contains("hooks[0]", html, StringComparison.Ordinal);
        Assert.Contains("https://***@a.example.org/", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/edit\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("passw0rd", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Get, Root + "/filed/edit", "admin")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("/filed/edit", Docuteam())).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("/filed/delete", [])).Status);
    }

    [Fact]
    public async Task Others_do_not_see_it_and_a_cookie_alone_makes_nothing()
    {
        await PostAsync("/new?dialect=docuteam", Docuteam());
        var id = Assert.Single(_plugin.Get<StoredHooks>().All).Id;
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"{Root}/{id:D}", "other")).StatusCode);
        Assert.DoesNotContain("Feeder", await (await SendAsync(HttpMethod.Get, "/plugins/ApiWebhooks/", "other")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Root + "/new", "editor")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, Root + "/new", null)).StatusCode);
        using var forged = await SendAsync(HttpMethod.Post, Root + "/new?dialect=docuteam", "cookie", Docuteam());
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Single(_plugin.Get<StoredHooks>().All);
    }

    [Fact]
    public async Task The_catalogue_leads_to_each_event_with_schema_and_example()
    {
        var html = await (await SendAsync(HttpMethod.Get, "/plugins/ApiWebhooks/events", "viewer")).Content.ReadAsStringAsync();
        var links = EventLinks().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).ToArray();
        Assert.True(links.Length > 20);
        foreach (var link in links)
        {
            using var page = await SendAsync(HttpMethod.Get, link, "viewer");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains("json-schema.org", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/plugins/ApiWebhooks/events/standard/none", "viewer")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/plugins/ApiWebhooks/events", null)).StatusCode);
    }

    private static Dictionary<string, string> Docuteam() => new()
    {
        ["label"] = "Feeder",
        ["url"] = "https://feeder.example.org/events?key=planted",
        ["operation"] = "change-metadata",
        ["token"] = "planted-token",
        ["authentication"] = "feeder",
        ["additionalMetadata[0]"] = "1",
        ["additionalMetadata[0].fieldLabel"] = "title",
        ["additionalMetadata[0].predicate"] = "rico:title",
        ["additionalMetadata[0].includePreviousValues"] = "true",
        ["additionalMetadata[1]"] = "1",
        ["additionalMetadata[1].fieldLabel"] = "",
        ["enabled"] = "true",
        ["timeoutSeconds"] = "2.5",
        ["filter.types"] = "map\r\nimage\r\n",
        ["filter.fields[0]"] = "1",
        ["filter.fields[0].name"] = "rights",
        ["filter.fields[0].to"] = "open\r\n\"\"",
        ["do"] = "save",
    };

    // What a browser would send of a form as it stands.
    private static Dictionary<string, string> FieldsOf(string html)
    {
        var fields = new Dictionary<string, string>();
        foreach (Match input in Inputs().Matches(html))
        {
            var tag = input.Value;
            if (!tag.Contains("type=\"checkbox\"", StringComparison.Ordinal) || tag.Contains(" checked", StringComparison.Ordinal))
                fields[Attribute(tag, "name")] = Attribute(tag, "value");
        }
        foreach (Match area in Areas().Matches(html))
            fields[area.Groups[1].Value] = WebUtility.HtmlDecode(area.Groups[2].Value).TrimStart('\n');
        foreach (Match select in Selects().Matches(html))
            fields[select.Groups[1].Value] = WebUtility.HtmlDecode(Regex.Match(select.Groups[2].Value, "<option value=\"([^\"]*)\" selected").Groups[1].Value);
        return fields;
    }

    private static string Attribute(string tag, string name) => WebUtility.HtmlDecode(Regex.Match(tag, $" {name}=\"([^\"]*)\"").Groups[1].Value);

    private async Task<string> GetAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, "admin");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<(HttpStatusCode Status, string Html)> PostAsync(string path, Dictionary<string, string> form)
    {
        using var answer = await SendAsync(HttpMethod.Post, Root + path, "admin", form);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user, Dictionary<string, string>? form = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form);
        return await _plugin.Client.SendAsync(request);
    }

    [GeneratedRegex("<input [^>]*>")]
    private static partial Regex Inputs();

    [GeneratedRegex("<textarea [^>]*name=\"([^\"]*)\"[^>]*>(.*?)</textarea>", RegexOptions.Singleline)]
    private static partial Regex Areas();

    [GeneratedRegex("<select [^>]*name=\"([^\"]*)\"[^>]*>(.*?)</select>", RegexOptions.Singleline)]
    private static partial Regex Selects();

    [GeneratedRegex("href=\"(/plugins/ApiWebhooks/events/[^\"]+)\"")]
    private static partial Regex EventLinks();
}
