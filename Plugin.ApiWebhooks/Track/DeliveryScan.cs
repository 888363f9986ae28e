using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using System.Data.Common;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Track;

/// <summary>
/// One walk over deliveries in the order of their ids, in slices: each is one query, and between two of them it is seen whether the time is over. So it is always known how
/// far it came, and it can go on from there.
/// </summary>
/// <param name="query">What is looked for.</param>
/// <param name="descends">Whether from high ids to low ones.</param>
/// <param name="most">How many are enough.</param>
/// <param name="time">The clock of the limit.</param>
/// <param name="limit">After so long no other slice is begun.</param>
internal sealed class DeliveryScan(DeliveryQuery query, bool descends, int most, TimeProvider time, TimeSpan limit)
{
    // Beside the columns of a delivery itself, each condition looks only into what it needs, and only when those before it held. To SQLite bytes are a text once there is
    // a text behind them.
    private const string Matches = """
        (@subscription IS NULL OR d.subscription_id = @subscription)
        AND (@state IS NULL OR d.state = @state)
        AND (@failure IS NULL OR d.failure = @failure)
        AND (@hidden IS NULL OR d.subscription_id NOT IN (SELECT value FROM json_each(@hidden)))
        AND (@among IS NULL OR d.subscription_id IN (SELECT value FROM json_each(@among)))
        AND (@kinds IS NULL OR instr(@kinds, '"' || (SELECT m.kind FROM message m WHERE m.id = d.message_id AND m.change_sequence = d.change_sequence) || '"') > 0)
        AND (@record IS NULL OR (SELECT m.record_id FROM message m WHERE m.id = d.message_id AND m.change_sequence = d.change_sequence) = @record)
        AND (@from IS NULL OR (SELECT m.occurred_at FROM message m WHERE m.id = d.message_id AND m.change_sequence = d.change_sequence) >= @from)
        AND (@before IS NULL OR (SELECT m.occurred_at FROM message m WHERE m.id = d.message_id AND m.change_sequence = d.change_sequence) < @before)
        AND (@low IS NULL OR (SELECT a.status FROM attempt a WHERE a.delivery_id = d.id ORDER BY a.number DESC LIMIT 1) BETWEEN @low AND @high)
        AND (@text IS NULL
             OR EXISTS (SELECT 1 FROM attempt a WHERE a.delivery_id = d.id
                        AND (like(@text, a.url, '\') OR like(@text, a.detail, '\') OR like(@text, a.answer || '', '\')))
             OR like(@text, (SELECT m.body || '' FROM message m WHERE m.id = d.message_id AND m.change_sequence = d.change_sequence), '\'))
        """;

    private const string Down = $"SELECT d.id FROM delivery d WHERE d.id BETWEEN @first AND @last AND {Matches} ORDER BY d.id DESC LIMIT @limit";
    private const string Up = $"SELECT d.id FROM delivery d WHERE d.id BETWEEN @first AND @last AND {Matches} ORDER BY d.id LIMIT @limit";
    private const string DownOf = $"SELECT d.id FROM delivery d WHERE d.id IN (SELECT value FROM json_each(@ids)) AND {Matches} ORDER BY d.id DESC LIMIT @limit";
    private const string UpOf = $"SELECT d.id FROM delivery d WHERE d.id IN (SELECT value FROM json_each(@ids)) AND {Matches} ORDER BY d.id LIMIT @limit";

    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(20);

    private readonly long _began = time.GetTimestamp();
    private long _span = 1L << DeliveryId.Bits;
    private int _together = 64;

    /// <summary>The ids found, in order.</summary>
    public List<long> Found { get; } = [];

    /// <summary>Up to and with this id everything was looked at; null before the first slice.</summary>
    public long? Position { get; private set; }

    /// <summary>Whether enough was found.</summary>
    public bool IsFull => Found.Count >= most;

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => time.GetElapsedTime(_began) >= limit;

    /// <summary>Looks through the ids from one to another.</summary>
    /// <returns>Whether it came to the end of them.</returns>
    public bool Walk(PluginConnection c, long first, long last)
    {
        while (first <= last)
        {
            if (IsFull || (IsOver && Position is not null))
                return false;
            var (from, to) = descends ? (Math.Max(first, Less(last, _span - 1)), last) : (first, Math.Min(last, More(first, _span - 1)));
            var began = time.GetTimestamp();
            var isCut = Look(Bind(c.Prepared(descends ? Down : Up)).Bind("@first", from).Bind("@last", to), descends ? from : to);
            if (isCut)
                return false;
            var took = time.GetElapsedTime(began);
            _span = took < Quick ? More(_span, _span * 3) : took > Slow ? Math.Max(1L << DeliveryId.Bits, _span / 4) : _span;
            if (descends ? from == long.MinValue : to == long.MaxValue)
                return true;
            (first, last) = descends ? (first, from - 1) : (to + 1, last);
        }
        return true;
    }

    /// <summary>Looks at deliveries that are named.</summary>
    /// <param name="c">The connection.</param>
    /// <param name="ids">Their ids, in the order of the walk.</param>
    /// <returns>Whether it came to the end of them.</returns>
    public bool Walk(PluginConnection c, IReadOnlyList<long> ids)
    {
        for (var at = 0; at < ids.Count;)
        {
            if (IsFull || (IsOver && Position is not null))
                return false;
            var some = ids.Skip(at).Take(_together).ToList();
            var began = time.GetTimestamp();
            if (Look(Bind(c.Prepared(descends ? DownOf : UpOf)).Bind("@ids", JsonOf(some)), some[^1]))
                return false;
            _together = time.GetElapsedTime(began) < Quick ? Math.Min(_together * 4, 16_384) : Math.Max(16, _together / 2);
            at += some.Count;
        }
        return true;
    }

    /// <summary>Ids as a JSON array; null for none.</summary>
    public static string? JsonOf(IReadOnlyCollection<long> ids) => ids.Count == 0 ? null : $"[{string.Join(',', ids)}]";

    // Whether it ended before the slice did, because enough was found.
    private bool Look(DbCommand command, long end)
    {
        var room = most - Found.Count;
        using var reader = command.Bind("@limit", room).ExecuteReader();
        while (reader.Read())
            Found.Add(reader.GetInt64(0));
        Position = IsFull ? Found[^1] : end;
        return IsFull && Position != end;
    }

    private DbCommand Bind(DbCommand command) => command
        .Bind("@subscription", query.SubscriptionId).Bind("@state", query.State is { } state ? StateNames.Of(state) : null).Bind("@failure", query.Failure)
        .Bind("@hidden", JsonOf(query.Hidden)).Bind("@among", query.Among is null ? null : $"[{string.Join(',', query.Among)}]")
        .Bind("@kinds", query.Kinds is null ? null : $"[{string.Join(',', query.Kinds.Select(kind => $"\"{kind}\""))}]").Bind("@record", query.RecordId)
        .Bind("@from", query.From).Bind("@before", query.Before).Bind("@low", query.Status?.Lowest).Bind("@high", query.Status?.Highest)
        .Bind("@text", query.Text is null ? null : Binding.Containing(query.Text));

    private static long Less(long id, long by) => id < long.MinValue + by ? long.MinValue : id - by;

    private static long More(long id, long by) => by < 0 || id > long.MaxValue - by ? long.MaxValue : id + by;
}
