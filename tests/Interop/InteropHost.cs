using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using EndToEnd.Tests;

namespace Interop.Tests;

/// <summary>
/// A site with the demo's records, accounts and keys, the plugin as built, and one receiving system that it may call. Use it as a class fixture; a system that wants
/// settings of its own derives from it.
/// </summary>
public class InteropHost : IAsyncLifetime
{
    private readonly List<HttpClient> _clients = [];

    /// <summary>Takes what the site sends.</summary>
    public ReceivingSystem Receiver { get; private set; } = null!;

    public HostProcess Host { get; private set; } = null!;

    public Uri BaseUri => Host.BaseUri;

    /// <summary>The demo's key of an account: <c>sysadmin</c>, <c>admin</c>, <c>editor</c> or <c>viewer</c>.</summary>
    public static string KeyOf(string user) => $"demo-{user}-key";

    public static string PasswordOf(string user) => $"{user}-demo";

    public async Task InitializeAsync()
    {
        Receiver = await ReceivingSystem.StartAsync();
        Host = await HostProcess.StartAsync(new HostProcessOptions { Config = Settings().ToJsonString() });
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        await Host.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    /// <summary>A client that sends an account's key as <c>Authorization: Bearer</c>; null for nobody. Follows no redirects, keeps no cookies.</summary>
    public HttpClient Client(string? user)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseUri };
        if (user is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(user));
        _clients.Add(client);
        return client;
    }

    /// <summary>Inserts a record and returns the Host API's answer.</summary>
    /// <param name="record">What is sent as JSON, such as <c>new { title = "A" }</c>.</param>
    /// <param name="user">Whose key is sent.</param>
    public Task<JsonElement> InsertAsync(object record, string user = "editor") => CallAsync(HttpMethod.Post, "/api/records", record, user, 201);

    /// <summary>Calls the Host API and asserts the status.</summary>
    /// <returns>The answer's JSON; undefined for none.</returns>
    public async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body, string user = "editor", int status = 200)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await Client(user).SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: expected {status}, got {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>The settings beside <c>network</c>, as they stand in config.json.</summary>
    protected virtual JsonObject OwnSettings() => [];

    private JsonObject Settings()
    {
        var settings = OwnSettings();
        settings["network"] = new JsonObject { ["allow"] = new JsonArray(Receiver.BaseUri.Authority) };
        return settings;
    }
}
