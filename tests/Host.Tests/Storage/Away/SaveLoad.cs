using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;

namespace Host.Tests.Storage.Away;

/// <summary>Editors who save without a pause while the database comes and goes, and what each of them was told.</summary>
internal sealed class SaveLoad : IAsyncDisposable
{
    private const int Editors = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RestAfterRefusal = TimeSpan.FromMilliseconds(50);

    private readonly RunningHost _host;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, string> _told = new();
    private readonly SemaphoreSlim _saved = new(0);
    private readonly SemaphoreSlim _refused = new(0);
    private readonly Task _running;
    private long _longest;

    public SaveLoad(RunningHost host)
    {
        _host = host;
        _running = Task.WhenAll(Enumerable.Range(0, Editors).Select(editor => Task.Run(() => EditAsync(editor))));
    }

    /// <summary>The longest time that an answer took.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>Returns when so many more were saved.</summary>
    public Task WaitForSavedAsync(int count) => WaitAsync(_saved, count);

    /// <summary>Returns when so many more were refused.</summary>
    public Task WaitForRefusedAsync(int count) => WaitAsync(_refused, count);

    /// <summary>Ends, and holds what was told against what is in the database and in the change log.</summary>
    /// <param name="connectionString">The database, not by way of a relay.</param>
    public async Task AssertAllToldTrulyAsync(string connectionString)
    {
        await _stopping.CancelAsync();
        await _running;
        var records = await ReadAsync(connectionString, "SELECT title FROM dam.records");
        var changes = await ReadAsync(connectionString, "SELECT convert_from(body, 'UTF8')::json->'record'->>'title' FROM dam.changes WHERE kind = 'RecordInserted' ORDER BY sequence");
        Assert.Equal(records.Order(), changes.Order());
        Assert.Equal(records.Count, records.Distinct().Count());
        Assert.Equal("0", (await ReadAsync(connectionString, "SELECT (max(sequence) - min(sequence) + 1 - count(*))::text FROM dam.changes"))[0]);
        var stored = records.ToHashSet();
        foreach (var (title, told) in _told)
        {
            if (told == "saved")
                Assert.Contains(title, stored);
            else if (told == "not saved")
                Assert.DoesNotContain(title, stored);
            else
                Assert.Equal("not known", told);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task EditAsync(int editor)
    {
        using var client = _host.OwnClient("editor", TimeSpan.FromMinutes(2));
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            var title = $"{editor}-{number}";
            var began = Stopwatch.GetTimestamp();
            using var response = await client.PostAsJsonAsync("/api/records", new { title });
            var took = Stopwatch.GetElapsedTime(began).Ticks;
            InterlockedMax(took);
            if ((int)response.StatusCode == 201)
            {
                _told[title] = "saved";
                _saved.Release();
                continue;
            }

            var problem = await Answer.ProblemAsync(response, 503);
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            var detail = problem.GetProperty("detail").GetString()!;
            _told[title] = detail.Contains("Nothing was saved", StringComparison.Ordinal) ? "not saved"
                : detail.Contains("whether it was saved cannot be told", StringComparison.Ordinal) ? "not known" : detail;
            _refused.Release();
            await Task.Delay(RestAfterRefusal, TimeProvider.System);
        }
    }

    private void InterlockedMax(long took)
    {
        for (var longest = Interlocked.Read(ref _longest); took > longest; longest = Interlocked.Read(ref _longest))
            Interlocked.CompareExchange(ref _longest, took, longest);
    }

    // An editor that failed says why.
    private async Task WaitAsync(SemaphoreSlim signal, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var seen = 0; seen < count; seen++)
        {
            var next = signal.WaitAsync(patience.Token);
            if (await Task.WhenAny(next, _running) == _running)
                await _running;
            await next;
        }
    }

    private static async Task<List<string>> ReadAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
            values.Add(reader.GetString(0));
        return values;
    }
}
