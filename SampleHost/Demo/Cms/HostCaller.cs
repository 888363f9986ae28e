using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SampleHost.Start;

namespace SampleHost.Demo.Cms;

/// <summary>What the demo's collections management system needs of a record.</summary>
internal sealed record FetchedRecord(long Id, string Type, string Title, Dictionary<string, string[]> Fields, FetchedFile[] Files)
{
    /// <summary>The collection number, trimmed; empty when there is none.</summary>
    public string CollectionNumber => Fields.GetValueOrDefault("cmsid") is [var number, ..] ? number.Trim() : "";
}

internal sealed record FetchedFile(string Pid, string Name, string MediaType, long Length, string Url);

/// <summary>How a call to the host ended.</summary>
internal abstract record HostAnswer<T>
{
    private HostAnswer()
    {
    }

    public sealed record Good(T Value) : HostAnswer<T>;

    /// <summary>The host refused, and what it said.</summary>
    public sealed record Refused(HttpStatusCode Status, string Reason) : HostAnswer<T>;
}

/// <summary>
/// Calls the host as a third party would: over HTTP, with an API key, through the Host API only. It knows nothing of the host's insides.
/// </summary>
internal sealed class HostCaller : IDisposable
{
    private const int LargestImage = 16 * 1024 * 1024;

    private readonly IServer _server;
    private readonly HttpClient _client;

    public HostCaller(IServer server, IConfiguration configuration)
    {
        _server = server;
        // Straight to the host: a proxy of the machine's environment knows nothing of this port.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(30),
            MaxResponseContentBufferSize = LargestImage,
        };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", configuration["Demo:Cms:ApiKey"] ?? "demo-editor-key");
    }

    public async Task<HostAnswer<FetchedRecord>> ReadAsync(long id, CancellationToken cancellationToken)
    {
        using var answer = await _client.GetAsync(Address($"/api/records/{id}"), cancellationToken);
        if (!answer.IsSuccessStatusCode)
            return await RefusedAsync<FetchedRecord>(answer, cancellationToken);
        var record = await answer.Content.ReadFromJsonAsync(CmsJson.Default.FetchedRecord, cancellationToken);
        return record is null
            ? new HostAnswer<FetchedRecord>.Refused(HttpStatusCode.BadGateway, "The host answered without a record.")
            : new HostAnswer<FetchedRecord>.Good(record);
    }

    public async Task<HostAnswer<bool>> UpdateAsync(long id, Dictionary<string, string[]> fields, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new RecordUpdateBody(fields), CmsJson.Default.RecordUpdateBody);
        using var answer = await _client.PatchAsync(Address($"/api/records/{id}"), body, cancellationToken);
        return answer.IsSuccessStatusCode ? new HostAnswer<bool>.Good(true) : await RefusedAsync<bool>(answer, cancellationToken);
    }

    public async Task<HostAnswer<byte[]>> DownloadAsync(FetchedFile file, CancellationToken cancellationToken)
    {
        if (file.Length > LargestImage)
            return new HostAnswer<byte[]>.Refused(HttpStatusCode.RequestEntityTooLarge, $"{file.Name} is larger than the 16 MiB this demo keeps.");
        using var answer = await _client.GetAsync(Address(file.Url), cancellationToken);
        return answer.IsSuccessStatusCode
            ? new HostAnswer<byte[]>.Good(await answer.Content.ReadAsByteArrayAsync(cancellationToken))
            : await RefusedAsync<byte[]>(answer, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    // The address it listens on, not the one it is known by outside: the demo talks to itself on this machine.
    private Uri Address(string path) =>
        new(HostInformation.ToUri(_server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? HostInformation.FallbackUrl), path);

    private static async Task<HostAnswer<T>> RefusedAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return new HostAnswer<T>.Refused(answer.StatusCode, DetailOf(text) ?? $"it answered {(int)answer.StatusCode}");
    }

    private static string? DetailOf(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            // Not problem details: the status alone has to do.
            return null;
        }
    }
}

internal sealed record RecordUpdateBody(Dictionary<string, string[]> Fields);

/// <summary>What the demo answers to a button.</summary>
internal sealed record SpokenAnswer(string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FetchedRecord))]
[JsonSerializable(typeof(RecordUpdateBody))]
[JsonSerializable(typeof(SpokenAnswer))]
internal sealed partial class CmsJson : JsonSerializerContext;
