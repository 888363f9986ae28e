using System.Collections.Concurrent;
using System.Diagnostics;
using Benchmarks.Load;
using Benchmarks.Receive;
using Benchmarks.Run;

namespace Benchmarks.Latency;

/// <summary>Saves that each carry a mark, by which the receiver's request is found again.</summary>
internal sealed class MarkedSaves(HostProcess host, int clients) : IDisposable
{
    private const int BurstSize = 1000;
    private readonly RecordClient _client = new(host, clients);
    private readonly ConcurrentDictionary<int, long> _begun = new();
    private long[] _records = [];
    private int _marks;

    /// <summary>How many saves were made, inserts included.</summary>
    public long Count => _records.Length + _marks;

    public int NextMark => _marks + 1;

    /// <summary>When the save with a mark was begun, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long BegunAt(int mark) => _begun[mark];

    /// <summary>Inserts the clients' records and saves for a time.</summary>
    public async Task WarmUpAsync(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        _records = new long[clients];
        for (var i = 0; i < clients; i++)
            _records[i] = await _client.InsertAsync($"Minutes {i}");
        do
            await RunAsync(BurstSize);
        while (Stopwatch.GetElapsedTime(start) < time);
    }

    public Task<Burst> RunAsync(int saves) => LoadGenerator.RunAsync(clients, saves, (client, _) =>
    {
        var mark = Interlocked.Increment(ref _marks);
        _begun[mark] = Stopwatch.GetTimestamp();
        return _client.ChangeAsync(_records[client], Arrivals.MarkFor(mark));
    });

    public void Dispose() => _client.Dispose();
}
