using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// Reads the figures of all subscriptions for pages that show them all and are asked for every few seconds. However many ask and however often, they are read at most
/// once a second and take at most a twentieth of one processor's time; who asks in between gets the last reading.
/// </summary>
/// <param name="database">The plugin's database.</param>
/// <param name="time">The clock.</param>
internal sealed class FiguresReader(PluginDatabase database, TimeProvider time)
{
    private const int RestPerWork = 20;

    private const int HoursOfDay = 24;

    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Figures? _figures;
    private long _readTimestamp;
    private TimeSpan _rest;

    /// <summary>The figures as they were read last or are read now.</summary>
    public Figures Read()
    {
        lock (_gate)
        {
            if (_figures is not null && time.GetElapsedTime(_readTimestamp) < _rest)
                return _figures;
            var started = time.GetTimestamp();
            _figures = database.Read(Read);
            _readTimestamp = time.GetTimestamp();
            var cost = time.GetElapsedTime(started, _readTimestamp);
            _rest = cost * RestPerWork > LeastRest ? cost * RestPerWork : LeastRest;
            return _figures;
        }
    }

    /// <summary>Has them read anew: somebody changed something, and wants to see it.</summary>
    public void Forget()
    {
        lock (_gate)
            _figures = null;
    }

    /// <summary>The last 24 hours of some subscriptions, the oldest first; one in which nothing became of anything is all zeros.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<HourSums>> ReadHours(IReadOnlyCollection<long> subscriptions)
    {
        var last = HourTally.HourOf(time.GetUtcNow());
        var first = last - HoursOfDay + 1;
        return database.Read(connection => subscriptions.ToDictionary(id => id, id =>
        {
            var hours = HourTable.ReadHours(connection, id, first, last);
            return (IReadOnlyList<HourSums>)[.. Enumerable.Range(0, HoursOfDay).Select(place => hours.GetValueOrDefault(first + place))];
        }));
    }

    private Figures Read(PluginConnection connection)
    {
        var now = time.GetUtcNow();
        var hour = HourTally.HourOf(now);
        return new Figures
        {
            ReadAt = now,
            Standing = SubscriptionFigures.Read(connection, 0, DeliveryId.LastSubscription),
            Day = HourTable.ReadSums(connection, hour - HoursOfDay + 1, hour),
            Recent = HourTable.ReadSums(connection, hour - 1, hour),
        };
    }
}

/// <summary>The figures of all subscriptions, by their numbers; one of which there is nothing to tell is left out.</summary>
internal sealed record Figures
{
    /// <summary>When they were read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>What stands where.</summary>
    public required IReadOnlyDictionary<long, SubscriptionFigures> Standing { get; init; }

    /// <summary>What became of deliveries in the last 24 hours, the present one included.</summary>
    public required IReadOnlyDictionary<long, HourSums> Day { get; init; }

    /// <summary>The same in the present hour and the one before.</summary>
    public required IReadOnlyDictionary<long, HourSums> Recent { get; init; }
}
