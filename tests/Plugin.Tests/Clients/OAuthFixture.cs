using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Web;
using Dam.Hosting;
using Plugin.ApiWebhooks.Clients;

namespace Plugin.Tests.Clients;

/// <summary>The plugin with a clock that is moved by hand, and a browser and programs that speak OAuth with it.</summary>
internal sealed partial class OAuthFixture : IAsyncDisposable
{
    public const string Callback = "https://app.example.org/callback?x=1";
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private readonly TestFolder _folder = new();
    private HttpClient _client = null!;

    public TestPlugin Plugin { get; private set; } = null!;

    public FakeClock Clock { get; } = new();

    public TestHost Host => Plugin.Host;

    public Applications Applications => Plugin.Get<Applications>();

    public ClientTokens Tokens => Plugin.Get<ClientTokens>();

    public static async Task<OAuthFixture> StartAsync()
    {
        var fixture = new OAuthFixture();
        var host = new TestHost();
        // People at pages.
        host.Users["ann"] = TestHost.User("ann", "viewer") with { ApiKeyName = null, Id = 7 };
        host.Users["ben"] = TestHost.User("ben", "editor", "viewer") with { ApiKeyName = null, Id = 8 };
        fixture.Plugin = await TestPlugin.StartAsync(fixture._folder.With("{}"), host, fixture.Clock);
        // Cookies are sent by the tests, or left out.
        fixture._client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = fixture.Plugin.Client.BaseAddress };
        return fixture;
    }

    public async Task<(ClientApplication Application, string? Secret)> RegisterAsync(string owner = "ben", string callback = Callback, bool isPublic = false)
    {
        var result = await Applications.RegisterAsync(new NewApplication { Name = "The <b>app</b>", Website = "https://app.example.org/", Owner = owner, RedirectUri = callback, IsPublic = isPublic });
        var registered = Assert.IsType<RegisterResult.Registered>(result);
        return (registered.Application, registered.Secret);
    }

    /// <summary>The address an application sends a user to.</summary>
    public static string AuthorizeAddress(string clientId, params (string Name, string? Value)[] changes)
    {
        var parameters = new List<(string, string?)>
        {
            ("response_type", "code"), ("client_id", clientId), ("redirect_uri", Callback), ("state", "a b&c=/#\u00e9"),
            ("code_challenge", Challenge), ("code_challenge_method", "S256"),
        };
        foreach (var (name, value) in changes)
        {
            parameters.RemoveAll(each => each.Item1 == name);
            parameters.Add((name, value));
        }
        return "/api/oauthv2/authorize?" + string.Join('&', parameters.Where(each => each.Item2 is not null).Select(each => $"{each.Item1}={Uri.EscapeDataString(each.Item2!)}"));
    }

    public async Task<HttpResponseMessage> GetAsync(string address, string? user, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        Sign(request, user, cookie);
        return await _client.SendAsync(request);
    }

    public async Task<HttpResponseMessage> PostAsync(string address, IEnumerable<KeyValuePair<string, string>> form, string? user = null, string? cookie = null, string? basic = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        Sign(request, user, cookie);
        if (basic is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        return await _client.SendAsync(request);
    }

    /// <summary>The hidden fields of a page's form, and the cookie that goes with its token.</summary>
    public async Task<(Dictionary<string, string> Fields, string Cookie)> ReadFormAsync(string address, string user)
    {
        using var page = await GetAsync(address, user);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var html = await page.Content.ReadAsStringAsync();
        var fields = HiddenField().Matches(html).ToDictionary(match => HttpUtility.HtmlDecode(match.Groups[1].Value), match => HttpUtility.HtmlDecode(match.Groups[2].Value));
        return (fields, page.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
    }

    /// <summary>A person opens the page of consent and presses a button.</summary>
    /// <returns>The address he is sent to.</returns>
    public async Task<Uri> ConsentAsync(string address, string user = "ann", string decision = "allow")
    {
        var (fields, cookie) = await ReadFormAsync(address, user);
        fields["decision"] = decision;
        using var answer = await PostAsync("/api/oauthv2/authorize", fields, user, cookie);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location!;
    }

    public async Task<string> CodeAsync(ClientApplication application, params (string, string?)[] changes) =>
        HttpUtility.ParseQueryString((await ConsentAsync(AuthorizeAddress(application.ClientId, changes))).Query)["code"]!;

    /// <summary>Asks the token endpoint.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> TokenAsync(string? basic, params (string Name, string Value)[] form)
    {
        using var answer = await PostAsync("/api/oauthv2/token", form.Select(each => KeyValuePair.Create(each.Name, each.Value)), basic: basic);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.Clone());
    }

    public async Task<string?> UserOfAsync(string token) => (await Plugin.Get<IBearerTokens>().FindAsync(token, CancellationToken.None))?.UserName;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Plugin.DisposeAsync();
        _folder.Dispose();
    }

    private static void Sign(HttpRequestMessage request, string? user, string? cookie)
    {
        if (user is not null)
            request.Headers.Add("X-User", user);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
