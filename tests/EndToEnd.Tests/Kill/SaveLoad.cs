using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Tests.Kill;

/// <summary>Clients that save. Every save writes a title of its own, by which its event is known.</summary>
internal sealed class SaveLoad
{
    private const string ApiKey = "demo-editor-key";
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new();
    private int _begun;

    /// <summary>The titles of the saves that the host has answered with success.</summary>
    public ICollection<string> Acknowledged => _acknowledged.Keys;

    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Several clients save as fast as the host answers, until it is gone or the time is over: an insert, then changes of the record, and again.</summary>
    public Task RunAsync(HttpClient host, int clients, int round, CancellationToken over) =>
        Task.WhenAll(Enumerable.Range(1, clients).Select(client => SaveUntilGoneAsync(host, $"Save {round}-{client}", over)));

    /// <summary>Saves new records one after the other; each must be acknowledged.</summary>
    public async Task InsertAsync(HttpClient host, int count, string name)
    {
        for (var number = 1; number <= count; number++)
            await SaveAsync(host, $"{name}-{number}.", null);
    }

    /// <summary>Saves a new record, or a new title of one that exists.</summary>
    /// <returns>The record's id.</returns>
    /// <exception cref="HttpRequestException">The host is gone (no status), or refused.</exception>
    public async Task<long> SaveAsync(HttpClient host, string title, long? record)
    {
        var (method, path) = record is null ? (HttpMethod.Post, "/api/records") : (HttpMethod.Patch, $"/api/records/{record}");
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(new { title }) };
        request.Headers.Add("X-Api-Key", ApiKey);
        Interlocked.Increment(ref _begun);
        using var answer = await host.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
        answer.EnsureSuccessStatusCode();
        // The status line is the acknowledgement, even if the rest of the answer is cut off.
        _acknowledged[title] = 0;
        using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(CancellationToken.None), cancellationToken: CancellationToken.None);
        return body.RootElement.GetProperty("id").GetInt64();
    }

    private async Task SaveUntilGoneAsync(HttpClient host, string name, CancellationToken over)
    {
        const int changesPerInsert = 4;
        long? record = null;
        try
        {
            for (var number = 1; !over.IsCancellationRequested; number++)
            {
                var saved = await SaveAsync(host, $"{name}-{number}.", record);
                record = number % (changesPerInsert + 1) == 0 ? null : saved;
            }
        }
        catch (Exception ex) when (ex is IOException or JsonException || ex is HttpRequestException { StatusCode: null })
        {
            // The host is gone. What it did not acknowledge may have been saved or not.
        }
    }
}
