using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>Stores the ends of attempts in batches: while one batch is committed the next gathers.</summary>
/// <param name="store">Stores ends, and sees to what follows from them.</param>
/// <param name="time">The clock of the pauses after a failure.</param>
/// <param name="pace">How often they are stored while few come at a time.</param>
/// <param name="logger">Where failures of the database are told.</param>
internal sealed partial class Settler(
    Func<IReadOnlyList<Settlement>, Task> store, TimeProvider time, Pace pace, ILogger<Settler> logger)
{
    private const int MostTogether = 512;

    // When the disk stands still, attempts that ended wait here and then keep their senders waiting: no flood of work that cannot be stored.
    private readonly Channel<Settlement> _ended = Channel.CreateBounded<Settlement>(new BoundedChannelOptions(1024) { SingleReader = true });

    /// <summary>Takes in the end of an attempt.</summary>
    public ValueTask AddAsync(Settlement settlement)
    {
        if (!_ended.Writer.TryWrite(settlement))
            return _ended.Writer.WriteAsync(settlement);
        // The next of its stream waits for the commit.
        if (settlement.Delivery.Stream is not null)
            pace.Hurry();
        return default;
    }

    /// <summary>No more will come: <see cref="RunAsync"/> ends when everything is stored.</summary>
    public void Complete() => _ended.Writer.TryComplete();

    /// <summary>Stores until completed.</summary>
    /// <param name="giveUp">Ends the trying again while the database cannot be written.</param>
    public async Task RunAsync(CancellationToken giveUp)
    {
        var batch = new List<Settlement>(MostTogether);
        while (await _ended.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await pace.WaitAsync(CancellationToken.None);
            while (batch.Count < MostTogether && _ended.Reader.TryRead(out var settlement))
                batch.Add(settlement);
            await StoreAsync(batch, giveUp);
            pace.EndTurn(batch.Count);
            batch.Clear();
        }
    }

    // What ended is stored, however long the database is in trouble: given up, it would be sent again.
    private async Task StoreAsync(List<Settlement> batch, CancellationToken giveUp)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await store(batch);
                return;
            }
            catch (Exception exception)
            {
                LogNotStored(exception, batch.Count, pause);
                if (giveUp.IsCancellationRequested)
                    return; // Their leases are left to end; they are sent again after the start.
            }
            await Task.Delay(pause, time, giveUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(2010, LogLevel.Error, "{Count} ended attempts could not be stored; trying again in {Pause}.")]
    private partial void LogNotStored(Exception exception, int count, TimeSpan pause);
}
