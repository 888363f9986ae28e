using System.Net;
using System.Web;

namespace Plugin.Tests.Clients;

public sealed class AuthorizeTests : IAsyncLifetime
{
    private OAuthFixture _oauth = null!;

    public async Task InitializeAsync() => _oauth = await OAuthFixture.StartAsync();

    public async Task DisposeAsync() => await _oauth.DisposeAsync();

    [Fact]
    public async Task A_user_who_consents_is_sent_back_with_a_code_and_the_state_as_it_came()
    {
        var (application, _) = await _oauth.RegisterAsync();
        var address = await _oauth.ConsentAsync(OAuthFixture.AuthorizeAddress(application.ClientId));
        Assert.StartsWith(OAuthFixture.Callback + "&code=", address.OriginalString, StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(address.Query);
        Assert.Equal(("1", "a b&c=/#\u00e9"), (query["x"], query["state"]));
        Assert.Equal(43, query["code"]!.Length);
    }

    [Fact]
    public async Task A_user_who_denies_is_sent_back_with_the_refusal()
    {
        var (application, _) = await _oauth.RegisterAsync();
        var query = HttpUtility.ParseQueryString((await _oauth.ConsentAsync(OAuthFixture.AuthorizeAddress(application.ClientId), decision: "deny")).Query);
        Assert.Equal(("access_denied", "a b&c=/#\u00e9", null), (query["error"], query["state"], query["code"]));
    }

    [Fact]
    public async Task The_page_names_the_application_encoded_and_is_kept_by_nobody()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        using var page = await _oauth.GetAsync(OAuthFixture.AuthorizeAddress(application.ClientId), "ann");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("The &lt;b&gt;app&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(secret!, html, StringComparison.Ordinal);
        Assert.True(page.Headers.CacheControl!.NoStore);
    }

    // What an attacker may write into the address: nobody is sent anywhere, neither with a code nor with an error.
    [Theory]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("redirect_uri", "https://app.example.org/callback")]
    [InlineData("redirect_uri", "https://app.example.org/callback?x=1&y=2")]
    [InlineData("redirect_uri", "https://app.example.org/callback?x=1#f")]
    [InlineData("redirect_uri", "https://APP.example.org/callback?x=1")]
    [InlineData("redirect_uri", "https://app.example.org/callback/../callback?x=1")]
    [InlineData("redirect_uri", "https://app.example.org:443/callback?x=1")]
    [InlineData("redirect_uri", "https://app.example.org@evil.example/callback?x=1")]
    [InlineData("redirect_uri", "javascript:alert(1)")]
    [InlineData("client_id", "unknown")]
    [InlineData("client_id", null)]
    public async Task A_stranger_or_a_foreign_address_is_never_redirected_to(string name, string? value)
    {
        var (application, _) = await _oauth.RegisterAsync();
        var address = OAuthFixture.AuthorizeAddress(application.ClientId, (name, value));
        foreach (var user in new[] { "ann", null })
        {
            using var answer = await _oauth.GetAsync(address, user);
            Assert.Equal((HttpStatusCode.BadRequest, null), (answer.StatusCode, answer.Headers.Location));
        }
        // Nor by changing the form between page and answer.
        var (fields, cookie) = await _oauth.ReadFormAsync(OAuthFixture.AuthorizeAddress(application.ClientId), "ann");
        fields["decision"] = "allow";
        fields[name] = value ?? "";
        using var posted = await _oauth.PostAsync("/api/oauthv2/authorize", fields, "ann", cookie);
        Assert.Equal((HttpStatusCode.BadRequest, null), (posted.StatusCode, posted.Headers.Location));
    }

    [Fact]
    public async Task A_redirect_address_that_stands_there_twice_is_not_followed()
    {
        var (application, _) = await _oauth.RegisterAsync();
        using var answer = await _oauth.GetAsync(OAuthFixture.AuthorizeAddress(application.ClientId) + "&redirect_uri=https%3A%2F%2Fevil.example", "ann");
        Assert.Equal((HttpStatusCode.BadRequest, null), (answer.StatusCode, answer.Headers.Location));
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    public async Task Other_faults_are_told_to_the_application(string name, string? value, string error)
    {
        var (application, _) = await _oauth.RegisterAsync();
        using var answer = await _oauth.GetAsync(OAuthFixture.AuthorizeAddress(application.ClientId, (name, value)), "ann");
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(OAuthFixture.Callback, answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(error, HttpUtility.ParseQueryString(answer.Headers.Location.Query)["error"]);
    }

    [Fact]
    public async Task A_public_application_must_send_a_challenge_and_a_confidential_one_may_leave_it_out()
    {
        var none = new (string, string?)[] { ("code_challenge", null), ("code_challenge_method", null) };
        var (open, _) = await _oauth.RegisterAsync(isPublic: true);
        using var refused = await _oauth.GetAsync(OAuthFixture.AuthorizeAddress(open.ClientId, none), "ann");
        Assert.Contains("error=invalid_request", refused.Headers.Location!.Query, StringComparison.Ordinal);
        var (application, _) = await _oauth.RegisterAsync();
        using var page = await _oauth.GetAsync(OAuthFixture.AuthorizeAddress(application.ClientId, none), "ann");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Only_a_person_at_a_page_consents_and_only_by_the_pages_own_form()
    {
        var (application, _) = await _oauth.RegisterAsync();
        var address = OAuthFixture.AuthorizeAddress(application.ClientId);
        using var nobody = await _oauth.GetAsync(address, null);
        Assert.Equal(HttpStatusCode.SeeOther, nobody.StatusCode);
        Assert.Equal("/test-signin?to=" + address, nobody.Headers.Location!.OriginalString);
        using var program = await _oauth.GetAsync(address, "editor");
        Assert.Equal(HttpStatusCode.Forbidden, program.StatusCode);

        var (fields, cookie) = await _oauth.ReadFormAsync(address, "ann");
        fields["decision"] = "allow";
        using var byProgram = await _oauth.PostAsync("/api/oauthv2/authorize", fields, "editor", cookie);
        using var withoutCookie = await _oauth.PostAsync("/api/oauthv2/authorize", fields, "ann");
        using var withoutToken = await _oauth.PostAsync("/api/oauthv2/authorize", fields.Where(each => each.Key != "__RequestVerificationToken"), "ann", cookie);
        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (byProgram.StatusCode, withoutCookie.StatusCode, withoutToken.StatusCode));
        Assert.All([byProgram, withoutCookie, withoutToken], answer => Assert.Null(answer.Headers.Location));
    }
}
