using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Host.Tests.Demo;

/// <summary>A running host with the demo's accounts, if it makes any.</summary>
internal sealed class DemoHost(params string[] arguments) : IAsyncDisposable
{
    private RunningHost? _host;

    /// <summary>A client with the key of the demo's editor.</summary>
    public HttpClient Editor { get; private set; } = null!;

    public long NowSeconds => Get<TimeProvider>().GetUtcNow().ToUnixTimeSeconds();

    public static async Task<DemoHost> OnAsync()
    {
        var host = new DemoHost("--Host:Demo=true");
        await host.StartAsync();
        return host;
    }

    public async Task StartAsync()
    {
        _host = await RunningHost.StartAsync(arguments: arguments, withAccounts: false);
        Editor = _host.Client(null);
        Editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "demo-editor-key");
    }

    public T Get<T>() where T : notnull => _host!.Get<T>();

    /// <summary>Inserts a record with a collection number and returns its id.</summary>
    public async Task<long> InsertAsync(string? number)
    {
        var fields = number is null ? [] : new Dictionary<string, string[]> { ["cmsid"] = [number] };
        using var response = await Editor.PostAsJsonAsync("/api/records", new { title = "Untitled", type = "object", fields });
        return (await Answer.JsonAsync(response, 201)).GetProperty("id").GetInt64();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}

/// <summary>Signs as the specification says, apart from the code under test.</summary>
internal static class Signed
{
    public static IEnumerable<(string Name, string Value)> Headers(string secret, string id, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds();
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret[6..]), Encoding.UTF8.GetBytes($"{id}.{seconds}.{body}"));
        return [("webhook-id", id), ("webhook-timestamp", $"{seconds}"), ("webhook-signature", $"v1,{Convert.ToBase64String(mac)}")];
    }
}
