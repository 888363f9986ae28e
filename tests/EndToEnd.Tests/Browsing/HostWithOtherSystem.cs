using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Tests.Browsing;

/// <summary>The host with the real plugin, whose buttons call another system.</summary>
public sealed class HostWithOtherSystem : IAsyncLifetime
{
    private HttpClient? _api;

    public OtherSystem System { get; private set; } = null!;

    public HostProcess Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (InstalledBrowser.Path is null)
            return;
        System = await OtherSystem.StartAsync();
        Host = await HostProcess.StartAsync(new HostProcessOptions { Config = Config(System.BaseUri) });
        _api = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Host.BaseUri };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("demo-editor-key");
        System.HostApi = _api;
    }

    /// <summary>Makes a record for one test.</summary>
    /// <returns>Its id.</returns>
    public async Task<long> InsertAsync()
    {
        using var answer = await _api!.PostAsJsonAsync("/api/records", new { title = "A record to press on" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    public async Task DisposeAsync()
    {
        if (InstalledBrowser.Path is null)
            return;
        await System.DisposeAsync();
        await Host.DisposeAsync();
        _api?.Dispose();
    }

    private static string Config(Uri system)
    {
        var root = system.ToString().TrimEnd('/');
        object Button(string text, string path, object? more = null) => Merge(new { location = "edit", buttontext = text, url = root + path }, more);
        return JsonSerializer.Serialize(new
        {
            buttons = new[]
            {
                Button("Write back", "/write?id="),
                Button("Wait", "/wait?id=", new { timeoutSeconds = 0.5 }),
                Button("Hold", "/wait?id=", new { timeoutSeconds = 60 }),
                Button("Fail", "/fail?id="),
                Button("Ask first", "/write?asked&id=", new { confirm = "Overwrite the fields?" }),
                Button("A button with quite a long label, to fill the row", "/write?id="),
                Button("Another button with quite a long label, to fill the row", "/write?id="),
            },
            network = new { allow = new[] { system.Authority } },
        });
    }

    private static Dictionary<string, object?> Merge(params object?[] parts) =>
        parts.Where(part => part is not null)
            .SelectMany(part => part!.GetType().GetProperties().Select(property => KeyValuePair.Create(property.Name, property.GetValue(part))))
            .ToDictionary();
}
