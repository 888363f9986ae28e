using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Host.Tests.Pages;

namespace Host.Tests.Demo;

/// <summary>The real host with the demo on, in a new data directory and without plugins.</summary>
public sealed class DemoHost : IAsyncLifetime
{
    public static readonly string[] Arguments = ["--environment", "Development", "--Host:Demo", "true"];

    public RunningHost Host { get; } = new() { Arguments = Arguments, WithAccounts = false };

    public Task InitializeAsync() => Host.InitializeAsync();

    public Task DisposeAsync() => Host.DisposeAsync();

    /// <summary>A client with the demo's published key of that account.</summary>
    public HttpClient Client(string account)
    {
        var client = Host.Client(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"demo-{account}-key");
        return client;
    }

    /// <summary>The demo's records, as an account sees them.</summary>
    public async Task<IReadOnlyList<JsonElement>> RecordsAsync(string account)
    {
        using var answer = await Client(account).GetAsync("/api/records?limit=100");
        return [.. (await Answer.JsonAsync(answer, 200)).GetProperty("records").EnumerateArray()];
    }

    /// <summary>Inserts a museum object with a collection number, as the demo's editor.</summary>
    public async Task<long> InsertAsync(string? number, string type = "object")
    {
        var fields = number is null ? new Dictionary<string, string[]>() : new Dictionary<string, string[]> { ["cmsid"] = [number] };
        using var answer = await Client("editor").PostAsJsonAsync("/api/records", new { type, title = "Before", fields });
        return (await Answer.JsonAsync(answer, 201)).GetProperty("id").GetInt64();
    }

    public async Task<JsonElement> ReadAsync(long id)
    {
        using var answer = await Client("editor").GetAsync($"/api/records/{id}");
        return await Answer.JsonAsync(answer, 200);
    }

    internal async Task<PageVisitor> SignInAsync(string account)
    {
        var visitor = new PageVisitor(Host.BaseUri);
        var form = (await visitor.GetAsync("/signin")).Html.Form("/signin");
        form["name"] = account;
        form["password"] = $"{account}-demo";
        Assert.Equal(303, (await visitor.SubmitAsync(form)).Status);
        return visitor;
    }
}
