using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;

namespace Interop.Tests.Phraseanet;

/// <summary>A site, and applications that use it as those of Phraseanet do.</summary>
public sealed class PhraseanetSite : InteropHost
{
    private const string Verifier = "interop-verifier-of-more-than-43-characters_0123456789";

    /// <summary>Where users come back to: the receiving system plays the application too.</summary>
    public string Callback => Receiver.Address("/callback");

    /// <summary>Registers an application with a user's API key.</summary>
    internal async Task<Application> RegisterAsync(string user, string name)
    {
        var made = await FormAsync(Client(user), HttpMethod.Post, "/developers/application/", 201, ("name", name), ("callback", Callback));
        var shown = made.GetProperty("application");
        return new Application(shown.GetProperty("id").GetInt64(), shown.GetProperty("client_id").GetString()!, made.GetProperty("client_secret").GetString()!);
    }

    /// <summary>An application's webhook, set by Phraseanet's routes with a token of the application itself.</summary>
    /// <param name="application">The application.</param>
    /// <param name="path">Where on the receiving system.</param>
    /// <param name="events">What it listens to; none for everything.</param>
    internal async Task<HttpClient> ListenAsync(Application application, string path, params string[] events)
    {
        var client = Bearing((await TokenAsync(application, ("grant_type", "client_credentials"))).GetProperty("access_token").GetString()!);
        var root = $"/developers/application/{application.Id}";
        foreach (var name in events)
            Assert.Equal("""{"success":true}""", (await FormAsync(client, HttpMethod.Post, $"{root}/listened-event?event_name={name}", 200, ("action", "add"))).GetRawText());
        Assert.Equal("""{"success":true}""", (await FormAsync(client, HttpMethod.Post, root + "/webhook/", 200, ("webhook", Receiver.Address(path)))).GetRawText());
        return client;
    }

    /// <summary>Where an application sends a user.</summary>
    internal string AuthorizeAddress(Application application, string state) =>
        $"/api/oauthv2/authorize?response_type=code&client_id={application.ClientId}&redirect_uri={Uri.EscapeDataString(Callback)}&state={Uri.EscapeDataString(state)}"
        + $"&code_challenge={Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))}&code_challenge_method=S256";

    /// <summary>Exchanges the code of an address that a user was sent back to.</summary>
    internal Task<JsonElement> ExchangeAsync(Application application, string location, int status = 200) => TokenAsync(
        application, status,
        ("grant_type", "authorization_code"), ("code", HttpUtility.ParseQueryString(new Uri(location).Query)["code"]!), ("redirect_uri", Callback), ("code_verifier", Verifier));

    internal Task<JsonElement> TokenAsync(Application application, params (string Name, string Value)[] form) => TokenAsync(application, 200, form);

    /// <summary>A client that sends a token.</summary>
    internal HttpClient Bearing(string token)
    {
        var client = Client(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Sends a form and asserts the status.</summary>
    internal static async Task<JsonElement> FormAsync(HttpClient client, HttpMethod method, string path, int status, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent(form.Select(each => KeyValuePair.Create(each.Name, each.Value)));
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: expected {status}, got {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    private async Task<JsonElement> TokenAsync(Application application, int status, params (string Name, string Value)[] form)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = BaseUri };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{application.ClientId}:{application.Secret}")));
        return await FormAsync(client, HttpMethod.Post, "/api/oauthv2/token", status, form);
    }
}

/// <summary>A registered application.</summary>
internal sealed record Application(long Id, string ClientId, string Secret);
