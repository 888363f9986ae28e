using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects.Phraseanet;
using Plugin.Tests.Clients;

namespace Plugin.Tests.Developers;

public sealed class DevelopersDoorTests : IAsyncLifetime
{
    private const string Address = "https://receiver.example.org/hook?token=s3cret";

    private OAuthFixture _oauth = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _oauth = await OAuthFixture.StartAsync();
        // A program of ben's, and one of ann's.
        _oauth.Host.Users["ben-key"] = _oauth.Host.Users["ben"] with { ApiKeyName = "ben-key" };
        _oauth.Host.Users["ann-key"] = _oauth.Host.Users["ann"] with { ApiKeyName = "ann-key" };
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _oauth.Plugin.Client.BaseAddress };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _oauth.DisposeAsync();
    }

    [Fact]
    public async Task An_application_is_made_shown_once_with_its_secret_and_deleted()
    {
        var made = await SendAsync(HttpMethod.Post, "/developers/application/", "ben-key", 201, ("name", "CMS"), ("callback", OAuthFixture.Callback), ("website", "https://cms.example.org"));
        var (secret, id) = (made.GetProperty("client_secret").GetString()!, made.GetProperty("application").GetProperty("id").GetInt64());
        Assert.True(made.GetProperty("success").GetBoolean());
        var clientId = made.GetProperty("application").GetProperty("client_id").GetString();
        Assert.IsType<TokenResult.Issued>(await _oauth.Tokens.IssueAsync(clientId!, secret, CancellationToken.None));

        var shown = await SendAsync(HttpMethod.Get, $"/developers/application/{id}/", "ben-key", 200);
        Assert.Equal(("CMS", "web", "ben", false), (shown.GetProperty("name").GetString(), shown.GetProperty("type").GetString(), shown.GetProperty("owner").GetString(), shown.GetProperty("webhook_active").GetBoolean()));
        Assert.DoesNotContain(secret, shown.GetRawText(), StringComparison.Ordinal);
        var list = await SendAsync(HttpMethod.Get, "/developers/applications/", "ben-key", 200);
        Assert.Equal(id, Assert.Single(list.GetProperty("applications").EnumerateArray()).GetProperty("id").GetInt64());

        await SendAsync(HttpMethod.Post, $"/developers/application/{id}/webhook/", "ben-key", 200, ("webhook", Address));
        await SendAsync(HttpMethod.Delete, $"/developers/application/{id}/", "ben-key", 200);
        await SendAsync(HttpMethod.Get, $"/developers/application/{id}/", "ben-key", 404);
        Assert.Empty(_oauth.Plugin.Get<StoredHooks>().All);
        Assert.Null(_oauth.Tokens.Authenticate(clientId!, secret));
    }

    [Fact]
    public async Task The_three_routes_of_Phraseanet_answer_success_and_make_one_webhook_with_the_owners_rights()
    {
        var (application, _) = await _oauth.RegisterAsync();
        var path = $"/developers/application/{application.Id}";
        Assert.Equal("""{"success":true}""", (await SendAsync(HttpMethod.Post, path + "/listened-event?event_name=record.created", "ben-key", 200, ("action", "add"))).GetRawText());
        Assert.Empty(Hooks());
        Assert.Equal("""{"success":true}""", (await SendAsync(HttpMethod.Post, path + "/webhook/", "ben-key", 200, ("webhook", Address))).GetRawText());
        Assert.Equal("""{"success":true}""", (await SendAsync(HttpMethod.Post, path + "/active-webhook", "ben-key", 200, ("action", "deactivate"))).GetRawText());
        var hook = Assert.Single(Hooks());
        Assert.Equal(("phraseanet", "ben", Address), (hook.Dialect, hook.Owner, hook.Settings["url"]!.ToString()));
        Assert.Equal((false, "record.created"), await StateAsync());

        // Saving an address switches it on; and what is done by an administrator leaves the owner's rights to decide.
        await SendAsync(HttpMethod.Post, path + "/webhook/", "admin", 200, ("webhook", Address + "2"));
        Assert.Equal((true, "record.created"), await StateAsync());
        Assert.Equal(("ben", "admin"), (Assert.Single(Hooks()).Owner, Hooks()[0].ModifiedBy));
        await SendAsync(HttpMethod.Post, path + "/listened-event?event_name=order.denied", "ben-key", 200, ("action", "add"));
        await SendAsync(HttpMethod.Post, path + "/listened-event?event_name=order.denied", "ben-key", 200, ("action", "add"));
        Assert.Equal((true, "record.created order.denied"), await StateAsync());
        await SendAsync(HttpMethod.Post, path + "/listened-event?event_name=record.created", "ben-key", 200, ("action", "remove"));
        Assert.Equal((true, "order.denied"), await StateAsync());
        await SendAsync(HttpMethod.Post, path + "/active-webhook", "ben-key", 200, ("action", "deactivate"));
        await SendAsync(HttpMethod.Post, path + "/active-webhook", "ben-key", 200, ("action", "activate"));
        Assert.Equal((true, "order.denied"), await StateAsync());
        Assert.Single(Hooks());

        async Task<(bool, string)> StateAsync()
        {
            var shown = await SendAsync(HttpMethod.Get, path, "ben-key", 200);
            return (shown.GetProperty("webhook_active").GetBoolean(), string.Join(' ', shown.GetProperty("listened_events").EnumerateArray().Select(each => each.GetString())));
        }
    }

    [Fact]
    public async Task Two_who_save_the_address_at_once_make_one_webhook()
    {
        var (application, _) = await _oauth.RegisterAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => SendAsync(HttpMethod.Post, $"/developers/application/{application.Id}/webhook", "ben-key", 200, ("webhook", $"https://r.example.org/{n}"))));
        Assert.Single(Hooks());
    }

    [Theory]
    [InlineData("/webhook/", "webhook", "not an address")]
    [InlineData("/webhook/", "webhook", "")]
    [InlineData("/webhook/", "webhook", "ftp://receiver.example.org/")]
    [InlineData("/webhook/", "url", "https://receiver.example.org/")]
    [InlineData("/active-webhook", "action", "maybe")]
    [InlineData("/listened-event?event_name=record.created", "action", "maybe")]
    [InlineData("/listened-event?event_name=record.burnt", "action", "add")]
    [InlineData("/listened-event", "action", "add")]
    [InlineData("/listened-events/", "event", "record.burnt")]
    [InlineData("/callback/", "callback", "http://app.example.org/")]
    public async Task What_makes_no_sense_is_refused_with_a_reason(string call, string name, string value)
    {
        var (application, _) = await _oauth.RegisterAsync();
        var answer = await SendAsync(HttpMethod.Post, $"/developers/application/{application.Id}{call}", "ben-key", 400, (name, value));
        Assert.False(answer.GetProperty("success").GetBoolean());
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
        Assert.Empty(Hooks());
    }

    // Phraseanet converts the id and writes, whoever asks.
    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/delete/")]
    [InlineData("POST", "/secret/")]
    [InlineData("POST", "/callback/")]
    [InlineData("POST", "/webhook/")]
    [InlineData("DELETE", "/webhook/")]
    [InlineData("POST", "/active-webhook")]
    [InlineData("POST", "/listened-event?event_name=record.created")]
    [InlineData("POST", "/listened-events/")]
    [InlineData("POST", "/hmac-key/")]
    public async Task Anothers_application_is_not_there_and_nobody_is_let_in_without_signing_in(string method, string call)
    {
        var (application, _) = await _oauth.RegisterAsync();
        await SendAsync(HttpMethod.Post, $"/developers/application/{application.Id}/webhook/", "ben-key", 200, ("webhook", Address));
        var before = Hooks()[0].Version;
        var path = $"/developers/application/{application.Id}{call}";
        (string, string)[] form = method == "POST" ? [("webhook", "https://evil.example/"), ("action", "add"), ("callback", "https://evil.example/"), ("event", "record.created")] : [];
        await SendAsync(new HttpMethod(method), path, "ann-key", 404, form);
        await SendAsync(new HttpMethod(method), path, null, 401, form);
        // A browser's cookie without the page's token: another site may have sent it.
        if (method != "GET")
            await SendAsync(new HttpMethod(method), path, "ben", 400, form);
        Assert.Equal((before, Address), (Assert.Single(Hooks()).Version, Hooks()[0].Settings["url"]!.ToString()));
        Assert.NotNull(_oauth.Applications.Find(application.Id));
    }

    [Fact]
    public async Task An_application_configures_its_webhook_with_its_token_and_gives_itself_nothing_that_outlives_it()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var issued = Assert.IsType<TokenResult.Issued>(await _oauth.Tokens.IssueAsync(application.ClientId, secret!, CancellationToken.None));
        // What the host makes of the token.
        _oauth.Host.Users["token"] = _oauth.Host.Users["ben"] with { ApiKeyName = application.ActorName };
        var path = $"/developers/application/{application.Id}";
        await SendAsync(HttpMethod.Post, path + "/webhook/", "token", 200, [("webhook", Address)], issued.AccessToken);
        foreach (var (method, call) in new[] { (HttpMethod.Post, "/secret/"), (HttpMethod.Post, "/callback/"), (HttpMethod.Post, "/hmac-key/"), (HttpMethod.Post, "/delete/"), (HttpMethod.Delete, "/") })
            await SendAsync(method, path + call, "token", 403, [("callback", "https://evil.example/")], issued.AccessToken);
        await SendAsync(HttpMethod.Post, "/developers/application/", "token", 403, [("name", "Another")], issued.AccessToken);
    }

    [Fact]
    public async Task The_page_works_without_a_script_and_shows_what_is_chosen_encoded()
    {
        var (application, _) = await _oauth.RegisterAsync();
        var path = $"/developers/application/{application.Id}/";
        var (html, token, cookie) = await PageAsync(path);
        Assert.Contains("The &lt;b&gt;app&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.All(PhraseanetEvents.All, each => Assert.Contains($"value=\"{each.Name}\"", html, StringComparison.Ordinal));

        using var saved = await PostPageAsync(path + "webhook/", cookie, [new("__RequestVerificationToken", token), new("webhook", Address)]);
        Assert.Equal((HttpStatusCode.SeeOther, path + "?done"), (saved.StatusCode, saved.Headers.Location!.OriginalString));
        using var chosen = await PostPageAsync(path + "listened-events/", cookie, [new("__RequestVerificationToken", token), new("event", "record.created"), new("event", "new_feed_entry")]);
        Assert.Equal(HttpStatusCode.SeeOther, chosen.StatusCode);
        (html, _, _) = await PageAsync(path);
        Assert.Matches("value=\"record.created\" checked", html);
        Assert.DoesNotMatch("value=\"record.deleted\" checked", html);
        using var legacy = await PostPageAsync(path + "listened-events/", cookie, [new("__RequestVerificationToken", token), new("event", "new_feed_entry"), new("format", "legacy")]);
        Assert.Equal(HttpStatusCode.SeeOther, legacy.StatusCode);
        Assert.Equal("legacy", Hooks()[0].Settings["format"]!.ToString());

        using var wrong = await PostPageAsync(path + "webhook/", cookie, [new("__RequestVerificationToken", token), new("webhook", "nowhere")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("role=\"alert\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var key = await PostPageAsync(path + "hmac-key/", cookie, [new("__RequestVerificationToken", token)]);
        Assert.Contains("whsec_", await key.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (html, _, _) = await PageAsync(path);
        Assert.DoesNotContain("whsec_", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_application_is_registered_at_the_page_and_faults_stand_at_their_fields()
    {
        var (_, token, cookie) = await PageAsync("/developers/applications/");
        using var faulty = await PostPageAsync("/developers/application/", cookie, [new("__RequestVerificationToken", token), new("name", ""), new("website", "javascript:alert(1)"), new("type", "desktop")]);
        var html = await faulty.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 3), (faulty.StatusCode, html.Split("class=\"error\"").Length - 1));
        Assert.Contains("value=\"javascript:alert(1)\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"javascript", html, StringComparison.Ordinal);
        using var made = await PostPageAsync("/developers/application/", cookie, [new("__RequestVerificationToken", token), new("name", "App")]);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl!.NoStore);
        Assert.Contains("not shown again", await made.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var application = Assert.Single(_oauth.Applications.OwnedBy("ben"));
        using var deleted = await PostPageAsync($"/developers/application/{application.Id}/delete/", cookie, [new("__RequestVerificationToken", token)]);
        Assert.Equal("/developers/applications/?done", deleted.Headers.Location!.OriginalString);
        Assert.Empty(_oauth.Applications.OwnedBy("ben"));
        using var nobody = new HttpRequestMessage(HttpMethod.Get, "/developers/applications/");
        nobody.Headers.Accept.ParseAdd("text/html");
        using var asked = await _client.SendAsync(nobody);
        Assert.Equal("/test-signin?to=/developers/applications/", asked.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task An_administrator_sees_all_applications_but_gets_nothing_to_act_for_their_owners_with()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var path = $"/developers/application/{application.Id}";
        var list = await SendAsync(HttpMethod.Get, "/developers/applications/", "admin", 200);
        Assert.Equal("ben", Assert.Single(list.GetProperty("applications").EnumerateArray()).GetProperty("owner").GetString());
        await SendAsync(HttpMethod.Post, path + "/secret/", "admin", 403);
        await SendAsync(HttpMethod.Post, path + "/callback/", "admin", 403, ("callback", "https://evil.example/"));
        Assert.NotNull(_oauth.Tokens.Authenticate(application.ClientId, secret));
        Assert.Equal(OAuthFixture.Callback, _oauth.Applications.Find(application.Id)!.RedirectUri);
        await SendAsync(HttpMethod.Post, path + "/active-webhook", "admin", 200, ("action", "deactivate"));
        await SendAsync(HttpMethod.Post, path + "/delete/", "admin", 200);
    }

    [Fact]
    public async Task A_user_sees_which_applications_may_act_for_him_and_takes_that_back()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var own = Assert.IsType<TokenResult.Issued>(await _oauth.Tokens.IssueAsync(application.ClientId, secret!, CancellationToken.None));
        var ofAnn = Assert.IsType<TokenResult.Issued>(await ExchangeAsync("ann"));
        var ofBen = Assert.IsType<TokenResult.Issued>(await ExchangeAsync("ben"));
        var (html, token, cookie) = await PageAsync("/developers/applications/");
        Assert.Contains($"/developers/consent/{application.Id}/revoke/", html, StringComparison.Ordinal);
        using var revoked = await PostPageAsync($"/developers/consent/{application.Id}/revoke/", cookie, [new("__RequestVerificationToken", token)]);
        Assert.Equal(HttpStatusCode.SeeOther, revoked.StatusCode);
        (html, _, _) = await PageAsync("/developers/applications/");
        Assert.DoesNotContain("/developers/consent/", html, StringComparison.Ordinal);
        // His own alone, and not what the application does by its own credentials.
        Assert.Equal((null, "ann", "ben"), (await _oauth.UserOfAsync(ofBen.AccessToken), await _oauth.UserOfAsync(ofAnn.AccessToken), await _oauth.UserOfAsync(own.AccessToken)));
        await SendAsync(HttpMethod.Post, $"/developers/consent/{application.Id}/revoke/", "ben-key", 404);
        await SendAsync(HttpMethod.Post, $"/developers/consent/{application.Id}/revoke/", "ann-key", 200);
        Assert.Null(await _oauth.UserOfAsync(ofAnn.AccessToken));

        async Task<TokenResult> ExchangeAsync(string user)
        {
            var code = await _oauth.Tokens.MakeCodeAsync(application, _oauth.Host.Users[user], null, null);
            return await _oauth.Tokens.ExchangeAsync(application, code, null, null);
        }
    }

    [Fact]
    public async Task JSON_is_taken_as_well_as_a_form_and_something_else_is_not()
    {
        var (application, _) = await _oauth.RegisterAsync();
        var path = $"/developers/application/{application.Id}/";
        foreach (var (body, type, status) in new[]
        {
            ($$"""{"webhook":"{{Address}}"}""", "application/json", HttpStatusCode.OK),
            ("""{"webhook":null}""", "application/json", HttpStatusCode.BadRequest),
            ("[1]", "application/json", HttpStatusCode.BadRequest),
            ("<xml/>", "application/xml", HttpStatusCode.BadRequest),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path + "webhook/") { Content = new StringContent(body, Encoding.UTF8, type) };
            request.Headers.Add("X-User", "ben-key");
            using var answer = await _client.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    private IReadOnlyList<StoredHook> Hooks() => _oauth.Plugin.Get<StoredHooks>().All;

    private Task<JsonElement> SendAsync(HttpMethod method, string path, string? user, int status, params (string Name, string Value)[] form) =>
        SendAsync(method, path, user, status, form, null);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? user, int status, (string Name, string Value)[] form, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent(form.Select(each => KeyValuePair.Create(each.Name, each.Value)));
        request.Headers.Accept.ParseAdd("application/json, text/javascript, */*; q=0.01");
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: expected {status}, got {(int)answer.StatusCode}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private async Task<(string Html, string Token, string Cookie)> PageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        request.Headers.Add("X-User", "ben");
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync();
        var token = System.Text.RegularExpressions.Regex.Match(html, "name=\"__RequestVerificationToken\" value=\"([^\"]*)\"").Groups[1].Value;
        return (html, WebUtility.HtmlDecode(token), answer.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
    }

    private async Task<HttpResponseMessage> PostPageAsync(string path, string cookie, IEnumerable<KeyValuePair<string, string>> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
        request.Headers.Add("X-User", "ben");
        request.Headers.Add("Cookie", cookie);
        return await _client.SendAsync(request);
    }
}
