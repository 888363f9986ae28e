using System.Net;
using System.Text.Json;
using Plugin.Tests.Clients;

namespace Plugin.Tests.Dialects.Contensis;

public sealed class TokenDoorTests : IAsyncLifetime
{
    private const string Path = "/authenticate/connect/token";

    private OAuthFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await OAuthFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_token_acts_for_the_owner_of_its_application(string slash)
    {
        var (application, secret) = await _fixture.RegisterAsync();
        using var answer = await _fixture.PostAsync(Path + slash, Form(application.ClientId, secret, ("scope", "Entry_Read ContentType_Read Project_Read Whatever_Else")));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["access_token", "token_type", "expires_in"], body.EnumerateObject().Select(each => each.Name));
        Assert.Equal("Bearer", body.GetProperty("token_type").GetString());
        Assert.True(body.GetProperty("expires_in").GetInt32() > 0);
        var grant = await _fixture.Tokens.FindAsync(body.GetProperty("access_token").GetString()!, CancellationToken.None);
        Assert.Equal("ben", grant!.UserName);
    }

    [Fact]
    public async Task What_is_refused_is_refused_in_the_words_of_oauth()
    {
        var (application, secret) = await _fixture.RegisterAsync();
        await RefusedAsync(Form(application.ClientId, secret + "x"), 401, "invalid_client");
        await RefusedAsync(Form("nobody", secret), 401, "invalid_client");
        await RefusedAsync(Form(application.ClientId, secret, ("grant_type", "password")), 400, "unsupported_grant_type");
        await RefusedAsync(Form(application.ClientId, secret, ("grant_type", "authorization_code")), 400, "unsupported_grant_type");
        await RefusedAsync(Form(application.ClientId, secret, ("grant_type", "")), 400, "invalid_request");
        var (open, _) = await _fixture.RegisterAsync(isPublic: true);
        await RefusedAsync(Form(open.ClientId, null), 400, "unauthorized_client");
        using var json = await _fixture.Plugin.Client.PostAsync(Path, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
    }

    private async Task RefusedAsync(IEnumerable<KeyValuePair<string, string>> form, int status, string error)
    {
        using var answer = await _fixture.PostAsync(Path, form);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((status, error), ((int)answer.StatusCode, body.GetProperty("error").GetString()));
        Assert.NotEmpty(body.GetProperty("error_description").GetString()!);
    }

    private static Dictionary<string, string> Form(string id, string? secret, params (string Name, string Value)[] more)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = id };
        if (secret is not null)
            form["client_secret"] = secret;
        foreach (var (name, value) in more)
            form[name] = value;
        return form;
    }
}
