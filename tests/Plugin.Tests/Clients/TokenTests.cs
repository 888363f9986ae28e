using System.Net;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Clients;

public sealed class TokenTests : IAsyncLifetime
{
    private OAuthFixture _oauth = null!;

    public async Task InitializeAsync() => _oauth = await OAuthFixture.StartAsync();

    public async Task DisposeAsync() => await _oauth.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_gives_tokens_that_act_for_who_consented(bool byBasic)
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var code = await _oauth.CodeAsync(application);
        (string, string)[] form = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", OAuthFixture.Callback), ("code_verifier", OAuthFixture.Verifier)];
        var (status, json) = byBasic
            ? await _oauth.TokenAsync($"{application.ClientId}:{secret}", form)
            : await _oauth.TokenAsync(null, [.. form, ("client_id", application.ClientId), ("client_secret", secret!)]);
        Assert.Equal((HttpStatusCode.OK, "Bearer", 3600), (status, json.GetProperty("token_type").GetString(), json.GetProperty("expires_in").GetInt32()));
        var token = json.GetProperty("access_token").GetString()!;
        var grant = await _oauth.Plugin.Get<IBearerTokens>().FindAsync(token, CancellationToken.None);
        Assert.Equal(new BearerGrant("ann", $"The <b>app</b> (application {application.Id})"), grant);
        // A refresh token is not an access token.
        Assert.Null(await _oauth.UserOfAsync(json.GetProperty("refresh_token").GetString()!));
        _oauth.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await _oauth.UserOfAsync(token));
    }

    [Fact]
    public async Task A_code_that_comes_twice_gives_nothing_and_takes_back_what_it_gave()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var code = await _oauth.CodeAsync(application);
        var first = await ExchangeAsync(application, secret, code);
        var other = await ExchangeAsync(application, secret, await _oauth.CodeAsync(application));
        Assert.Equal("ann", await _oauth.UserOfAsync(Token(first.Json)));
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, code)));
        Assert.Null(await _oauth.UserOfAsync(Token(first.Json)));
        Assert.Equal("invalid_grant", Error(await RefreshAsync(application, secret, first.Json.GetProperty("refresh_token").GetString()!)));
        Assert.Equal("ann", await _oauth.UserOfAsync(Token(other.Json)));
    }

    [Fact]
    public async Task A_code_is_good_for_its_own_application_address_and_verifier_only_and_for_a_minute()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var (thief, thiefsSecret) = await _oauth.RegisterAsync("ann");
        var code = await _oauth.CodeAsync(application);
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(thief, thiefsSecret, code)));
        // The thief's attempt did not spoil it.
        Assert.Equal(HttpStatusCode.OK, (await ExchangeAsync(application, secret, code)).Status);

        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, await _oauth.CodeAsync(application), verifier: new string('a', 43))));
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, await _oauth.CodeAsync(application), verifier: null)));
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, await _oauth.CodeAsync(application), address: "https://app.example.org/")));
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, await _oauth.CodeAsync(application), address: null)));
        // Asked for without PKCE, a verifier means that somebody took the challenge out.
        var bare = await _oauth.CodeAsync(application, ("code_challenge", null), ("code_challenge_method", null));
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, bare)));

        var late = await _oauth.CodeAsync(application);
        _oauth.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("invalid_grant", Error(await ExchangeAsync(application, secret, late)));
    }

    [Fact]
    public async Task Client_credentials_act_for_the_owner_without_a_refresh_token()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var (status, json) = await _oauth.TokenAsync($"{application.ClientId}:{secret}", ("grant_type", "client_credentials"));
        Assert.Equal((HttpStatusCode.OK, false), (status, json.TryGetProperty("refresh_token", out _)));
        Assert.Equal("ben", await _oauth.UserOfAsync(Token(json)));
        Assert.IsType<TokenResult.Issued>(await _oauth.Tokens.IssueAsync(application.ClientId, secret!, CancellationToken.None));
        Assert.IsType<TokenResult.Refused>(await _oauth.Tokens.IssueAsync(application.ClientId, secret + "x", CancellationToken.None));

        // Another person of the same name later gets nothing by it, and nobody does without an owner.
        _oauth.Host.Users["ben"] = _oauth.Host.Users["ben"] with { Id = 9 };
        Assert.Null(await _oauth.UserOfAsync(Token(json)));
        _oauth.Host.Users.Remove("ben");
        Assert.Equal("unauthorized_client", Error(await _oauth.TokenAsync($"{application.ClientId}:{secret}", ("grant_type", "client_credentials"))));
    }

    [Fact]
    public async Task A_confidential_application_keeps_its_refresh_token_until_the_consent_is_ninety_days_old()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var refresh = (await ExchangeAsync(application, secret, await _oauth.CodeAsync(application))).Json.GetProperty("refresh_token").GetString()!;
        for (var day = 0; day < 89; day += 30)
        {
            var (_, json) = await RefreshAsync(application, secret, refresh);
            Assert.Equal((refresh, "ann"), (json.GetProperty("refresh_token").GetString(), await _oauth.UserOfAsync(Token(json))));
            _oauth.Clock.Advance(TimeSpan.FromDays(30));
        }
        Assert.Equal("invalid_grant", Error(await RefreshAsync(application, secret, refresh)));
    }

    [Fact]
    public async Task A_public_applications_refresh_token_is_exchanged_and_a_stolen_one_ends_all()
    {
        var (application, _) = await _oauth.RegisterAsync(isPublic: true);
        var first = (await ExchangeAsync(application, null, await _oauth.CodeAsync(application))).Json.GetProperty("refresh_token").GetString()!;
        var (_, json) = await RefreshAsync(application, null, first);
        var second = json.GetProperty("refresh_token").GetString()!;
        Assert.NotEqual(first, second);
        Assert.Equal("invalid_grant", Error(await RefreshAsync(application, null, first)));
        Assert.Equal("invalid_grant", Error(await RefreshAsync(application, null, second)));
        Assert.Null(await _oauth.UserOfAsync(Token(json)));
        Assert.Equal("unauthorized_client", Error(await _oauth.TokenAsync(null, ("grant_type", "client_credentials"), ("client_id", application.ClientId))));
    }

    [Fact]
    public async Task A_token_is_given_back_by_its_own_application_alone()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var (other, othersSecret) = await _oauth.RegisterAsync("ann");
        var (_, json) = await ExchangeAsync(application, secret, await _oauth.CodeAsync(application));
        await RevokeAsync(other, othersSecret!, Token(json));
        Assert.Equal("ann", await _oauth.UserOfAsync(Token(json)));
        await RevokeAsync(application, secret!, json.GetProperty("refresh_token").GetString()!);
        Assert.Null(await _oauth.UserOfAsync(Token(json)));
        await RevokeAsync(application, secret!, "unknown");

        async Task RevokeAsync(ClientApplication by, string itsSecret, string token)
        {
            using var answer = await _oauth.PostAsync("/api/oauthv2/revoke", [new("token", token)], basic: $"{by.ClientId}:{itsSecret}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_wrong_introduction_is_answered_with_invalid_client_and_how_to_do_it()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var (open, _) = await _oauth.RegisterAsync(isPublic: true);
        (string, string) grant = ("grant_type", "client_credentials");
        foreach (var basic in new[] { $"{application.ClientId}:{secret}x", $"{application.ClientId}:", $"unknown:{secret}", $"{open.ClientId}:", "no colon", $"{open.ClientId}:{new string('\0', 32)}" })
        {
            using var answer = await _oauth.PostAsync("/api/oauthv2/token", [new("grant_type", "client_credentials")], basic: basic);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Basic", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        }
        Assert.Equal("invalid_client", Error(await _oauth.TokenAsync(null, grant, ("client_id", application.ClientId))));
        Assert.Equal("invalid_client", Error(await _oauth.TokenAsync(null, grant)));
        Assert.Equal("invalid_request", Error(await _oauth.TokenAsync($"{application.ClientId}:{secret}", grant, ("client_secret", secret!))));
        Assert.Equal("invalid_request", Error(await _oauth.TokenAsync($"{application.ClientId}:{secret}", grant, ("grant_type", "client_credentials"))));
        Assert.Equal("invalid_request", Error(await _oauth.TokenAsync($"{application.ClientId}:{secret}")));
        Assert.Equal("unsupported_grant_type", Error(await _oauth.TokenAsync($"{application.ClientId}:{secret}", ("grant_type", "password"))));
        // The address is logged everywhere: what stands there does not count.
        using var byQuery = await _oauth.PostAsync($"/api/oauthv2/token?grant_type=client_credentials&client_id={application.ClientId}&client_secret={secret}", []);
        Assert.Equal(HttpStatusCode.Unauthorized, byQuery.StatusCode);
    }

    [Fact]
    public async Task What_is_handed_out_is_neither_kept_nor_logged_in_clear()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var code = await _oauth.CodeAsync(application);
        var (_, json) = await ExchangeAsync(application, secret, code);
        string[] secrets = [secret!, code, Token(json), json.GetProperty("refresh_token").GetString()!];
        Assert.All(_oauth.Host.Log.Entries, entry => Assert.All(secrets, each => Assert.DoesNotContain(each, entry.Message, StringComparison.Ordinal)));
        foreach (var file in Directory.GetFiles(_oauth.Plugin.Folder.Data).Where(file => Path.GetExtension(file) != ".lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = await reader.ReadToEndAsync();
            Assert.All(secrets, each => Assert.DoesNotContain(each, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_renewed_secret_or_a_deleted_application_ends_all_tokens()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var (_, json) = await ExchangeAsync(application, secret, await _oauth.CodeAsync(application));
        var renewed = await _oauth.Applications.RenewSecretAsync(application.Id);
        Assert.Null(await _oauth.UserOfAsync(Token(json)));
        Assert.Equal("invalid_client", Error(await _oauth.TokenAsync($"{application.ClientId}:{secret}", ("grant_type", "client_credentials"))));
        var (_, again) = await _oauth.TokenAsync($"{application.ClientId}:{renewed}", ("grant_type", "client_credentials"));
        Assert.Equal("ben", await _oauth.UserOfAsync(Token(again)));
        Assert.True(await _oauth.Applications.DeleteAsync(application.Id));
        Assert.Null(await _oauth.UserOfAsync(Token(again)));
    }

    [Fact]
    public async Task Expired_tokens_and_forgotten_codes_leave_the_database_and_the_oldest_of_too_many_go_first()
    {
        var (application, secret) = await _oauth.RegisterAsync();
        var first = Assert.IsType<TokenResult.Issued>(await _oauth.Tokens.IssueAsync(application.ClientId, secret!, CancellationToken.None));
        for (var n = 0; n < 3; n++)
            await _oauth.CodeAsync(application);
        _oauth.Clock.Advance(TimeSpan.FromSeconds(1));
        var last = first;
        for (var n = 0; n < Lifetimes.MostTokens; n++)
            last = Assert.IsType<TokenResult.Issued>(await _oauth.Tokens.IssueAsync(application.ClientId, secret!, CancellationToken.None));
        Assert.Equal((null, "ben"), (await _oauth.UserOfAsync(first.AccessToken), await _oauth.UserOfAsync(last.AccessToken)));
        Assert.Equal((3, Lifetimes.MostTokens), (Count("client_code"), Count("client_token")));
        _oauth.Clock.Advance(TimeSpan.FromDays(2));
        await _oauth.CodeAsync(application);
        await _oauth.Tokens.IssueAsync(application.ClientId, secret!, CancellationToken.None);
        Assert.Equal((1, 1), (Count("client_code"), Count("client_token")));
    }

    [Fact]
    public async Task A_user_has_at_most_a_hundred_applications()
    {
        for (var n = 0; n < Applications.MostOfOwner; n++)
            await _oauth.RegisterAsync(n % 2 == 0 ? "ben" : "Ben");
        var refused = Assert.IsType<RegisterResult.Refused>(await _oauth.Applications.RegisterAsync(new NewApplication { Name = "One more", Owner = "BEN" }));
        Assert.Contains("100", Assert.Single(refused.Faults).Message, StringComparison.Ordinal);
    }

    private int Count(string table) =>
        _oauth.Plugin.Get<PluginDatabase>().Read(connection => (int)(long)connection.Prepared($"SELECT count(*) FROM {table}").ExecuteScalar()!);

    private Task<(HttpStatusCode Status, JsonElement Json)> ExchangeAsync(
        ClientApplication application, string? secret, string code, string? verifier = OAuthFixture.Verifier, string? address = OAuthFixture.Callback)
    {
        List<(string, string)> form = [("grant_type", "authorization_code"), ("code", code)];
        if (verifier is not null)
            form.Add(("code_verifier", verifier));
        if (address is not null)
            form.Add(("redirect_uri", address));
        return AskAsync(application, secret, form);
    }

    private Task<(HttpStatusCode Status, JsonElement Json)> RefreshAsync(ClientApplication application, string? secret, string token) =>
        AskAsync(application, secret, [("grant_type", "refresh_token"), ("refresh_token", token)]);

    private Task<(HttpStatusCode Status, JsonElement Json)> AskAsync(ClientApplication application, string? secret, List<(string, string)> form)
    {
        if (secret is null)
            form.Add(("client_id", application.ClientId));
        return _oauth.TokenAsync(secret is null ? null : $"{application.ClientId}:{secret}", [.. form]);
    }

    private static string Token(JsonElement json) => json.GetProperty("access_token").GetString()!;

    private static string Error((HttpStatusCode Status, JsonElement Json) answer) => answer.Json.GetProperty("error").GetString()!;
}
