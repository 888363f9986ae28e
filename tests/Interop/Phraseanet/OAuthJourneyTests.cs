using System.Net;
using System.Web;
using Host.Tests.Pages;

namespace Interop.Tests.Phraseanet;

/// <summary>A person registers an application, another lets it act for himself, and it does: in browsers without scripts and over HTTP.</summary>
public sealed class OAuthJourneyTests(PhraseanetSite site) : IClassFixture<PhraseanetSite>
{
    [Fact]
    public async Task An_application_acts_for_a_user_who_signed_in_on_the_way_and_consented()
    {
        var application = await site.RegisterAsync("admin", "Press room");
        var address = site.AuthorizeAddress(application, "st&ate=1 2");

        // 1. Not signed in yet: over the host's own page and back to the question.
        using var editor = new Visitor(site.BaseUri);
        var away = await editor.GetAsync(address);
        Assert.Equal((303, "/signin"), (away.Status, away.Location!.Split('?')[0]));
        var signIn = (await editor.GetAsync(away.Location)).Html.Form("/signin");
        signIn["name"] = "editor";
        signIn["password"] = InteropHost.PasswordOf("editor");
        var back = await editor.SubmitAsync(signIn);
        Assert.Equal((303, address), (back.Status, back.Location));

        // 2. The question, and the answer.
        var question = await editor.GetAsync(address);
        Assert.Contains("Press room", question.Html.Text, StringComparison.Ordinal);
        var form = question.Html.Form("/api/oauthv2/authorize");
        var sent = await editor.SubmitAsync(form, form.Buttons.Single(button => button.Attribute("value") == "allow"));
        Assert.Equal(303, sent.Status);
        Assert.StartsWith(site.Callback + "?code=", sent.Location, StringComparison.Ordinal);
        Assert.Equal("st&ate=1 2", HttpUtility.ParseQueryString(new Uri(sent.Location!).Query)["state"]);

        // 3. Tokens, good on the Host API, with the rights of who consented and under the application's name.
        var tokens = await site.ExchangeAsync(application, sent.Location!);
        var client = site.Bearing(tokens.GetProperty("access_token").GetString()!);
        using var inserted = await client.PostAsync("/api/records", new StringContent("""{"title":"By the press room"}""", null, "application/json"));
        Assert.Equal(HttpStatusCode.Created, inserted.StatusCode);
        var changes = await site.CallAsync(HttpMethod.Get, "/api/changes?limit=500", null, "sysadmin");
        var actor = changes.GetProperty("changes").EnumerateArray().Last().GetProperty("actor");
        Assert.Equal(("editor", $"Press room (application {application.Id})"), (actor.GetProperty("userName").GetString(), actor.GetProperty("apiKeyName").GetString()));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/changes")).StatusCode);

        // 4. The next token; and the code a second time, which ends it all.
        var next = await site.TokenAsync(application, ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        Assert.Equal(HttpStatusCode.OK, (await site.Bearing(next.GetProperty("access_token").GetString()!).GetAsync("/api/records")).StatusCode);
        Assert.Equal("invalid_grant", (await site.ExchangeAsync(application, sent.Location!, 400)).GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/records")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Bearing(next.GetProperty("access_token").GetString()!).GetAsync("/api/records")).StatusCode);
    }

    [Fact]
    public async Task The_question_lets_the_browser_go_on_to_the_application_and_to_nowhere_else()
    {
        var application = await site.RegisterAsync("admin", "Policy");
        using var visitor = await Visitor.SignInAsync(site, "viewer");
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = visitor.Cookies }) { BaseAddress = site.BaseUri };
        using var page = await client.GetAsync(site.AuthorizeAddress(application, "s"));
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains($"form-action 'self' {site.Receiver.BaseUri.GetLeftPart(UriPartial.Authority)};", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_person_registers_an_application_and_configures_it_at_pages_without_a_script()
    {
        using var visitor = await Visitor.SignInAsync(site, "editor");
        var form = (await visitor.GetAsync("/developers/applications/")).Html.Form("/developers/application/");
        form["name"] = "Made at a page";
        form["callback"] = site.Callback;
        var made = await visitor.SubmitAsync(form);
        Assert.Equal(201, made.Status);
        Assert.Contains("not shown again", made.Html.Text, StringComparison.Ordinal);
        var path = made.Location!;

        var webhook = made.Html.Form(path + "webhook/");
        webhook["webhook"] = site.Receiver.Address("/of-the-page");
        Assert.Equal(303, (await visitor.SubmitAsync(webhook)).Status);
        var page = await visitor.GetAsync(path);
        Assert.Contains("Switch off", page.Html.Text, StringComparison.Ordinal);
        var record = await site.InsertAsync(new { title = "For the page" });
        await site.Receiver.WaitForAsync("/of-the-page", request => request.Json.GetProperty("data").GetProperty("record_id").GetInt64() == record.GetProperty("id").GetInt64());

        var off = page.Html.Form(path + "active-webhook");
        Assert.Equal(303, (await visitor.SubmitAsync(off, off.Buttons.Single())).Status);
        page = await visitor.GetAsync(path);
        Assert.Contains("Switch on", page.Html.Text, StringComparison.Ordinal);
        Assert.Contains("record.created", new Html(page.Html.Source[page.Html.Source.IndexOf("developers-deliveries", StringComparison.Ordinal)..]).Text, StringComparison.Ordinal);
        using var stranger = await Visitor.SignInAsync(site, "viewer");
        Assert.Equal(404, (await stranger.GetAsync(path)).Status);
    }
}
