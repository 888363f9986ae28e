using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Tests.Kill;

/// <summary>Several clients that save as fast as the host answers. Every save writes a title of its own, by which its event is known.</summary>
internal sealed class SaveLoad
{
    private const string ApiKey = "demo-editor-key";
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new();
    private int _begun;

    /// <summary>The titles of the saves that the host has answered with success.</summary>
    public ICollection<string> Acknowledged => _acknowledged.Keys;

    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Saves until the host is gone or the time is over: an insert, then changes of the record, and again.</summary>
    public Task RunAsync(HttpClient host, int clients, int round, CancellationToken over) =>
        Task.WhenAll(Enumerable.Range(1, clients).Select(client => SaveUntilGoneAsync(host, $"Save {round}-{client}", over)));

    private async Task SaveUntilGoneAsync(HttpClient host, string name, CancellationToken over)
    {
        const int changesPerInsert = 4;
        long? record = null;
        try
        {
            for (var number = 1; !over.IsCancellationRequested; number++)
            {
                var title = $"{name}-{number}.";
                var (method, path) = record is null ? (HttpMethod.Post, "/api/records") : (HttpMethod.Patch, $"/api/records/{record}");
                using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(new { title }) };
                request.Headers.Add("X-Api-Key", ApiKey);
                Interlocked.Increment(ref _begun);
                using var answer = await host.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                // The status line is the acknowledgement, even if the rest of the answer is cut off.
                _acknowledged[title] = 0;
                using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(CancellationToken.None), cancellationToken: CancellationToken.None);
                record = number % (changesPerInsert + 1) == 0 ? null : body.RootElement.GetProperty("id").GetInt64();
            }
        }
        catch (Exception ex) when (ex is IOException or JsonException || ex is HttpRequestException { StatusCode: null })
        {
            // The host is gone. What it did not acknowledge may have been saved or not.
        }
    }
}
