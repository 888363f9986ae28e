using System.Net.Http.Headers;
using System.Text.Json;
using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Demo.Cms;

/// <summary>How the demo's system calls the host: over HTTP with an API key, as any other system would.</summary>
internal sealed class HostApiClient(IHostInformation host) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });

    /// <summary>A record as JSON with its ETag; null when there is none.</summary>
    public async Task<(JsonElement Record, EntityTagHeaderValue? Version)?> FindRecordAsync(long id, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/records/{id}", null, null, cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return (await ReadJsonAsync(response, cancellationToken), response.Headers.ETag);
    }

    /// <summary>Changes a record's fields, if it is still at the version that was read.</summary>
    /// <returns>Null when it was done, else what the host said against it.</returns>
    public async Task<string?> ChangeAsync(long id, EntityTagHeaderValue? version, JsonContent change, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Patch, $"/api/records/{id}", change, version, cancellationToken);
        if (response.IsSuccessStatusCode)
            return null;
        var problem = await ReadJsonAsync(response, cancellationToken);
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString() : $"The host answered {(int)response.StatusCode}.";
    }

    /// <summary>A file's content.</summary>
    public async Task<byte[]> DownloadAsync(string pid, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/files/{Uri.EscapeDataString(pid)}/content", null, null, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, EntityTagHeaderValue? version, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(host.BaseUri, path)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", DemoAccounts.All.First(account => account.Name == Roles.Editor).ApiKey);
        if (version is not null)
            request.Headers.IfMatch.Add(version);
        return await _client.SendAsync(request, cancellationToken);
    }

    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }
}
