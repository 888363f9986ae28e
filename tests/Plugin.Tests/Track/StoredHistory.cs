using System.Globalization;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.Tests.Track;

/// <summary>Rows of a history as old as wanted, and what has become of them.</summary>
internal sealed class StoredHistory(PluginDatabase database, TimeProvider clock)
{
    /// <summary>The subscriptions 1 and 2.</summary>
    public Task AddSubscriptionsAsync() =>
        RunAsync("INSERT INTO subscription (key, label, state, starts_after, created_at) VALUES ('a', 'a', 'active', 0, 0), ('b', 'b', 'active', 0, 0)");

    /// <summary>A message with one delivery and one attempt.</summary>
    public Task<int> AddAsync(long sequence, TimeSpan storedBefore, TimeSpan? finishedBefore, string state, long subscription = 1, int body = 10) => database.WriteAsync(c =>
    {
        Add(c, sequence, storedBefore, finishedBefore, state, subscription, body);
        return 0;
    });

    /// <summary>The same, within work.</summary>
    public void Add(PluginConnection c, long sequence, TimeSpan storedBefore, TimeSpan? finishedBefore, string state, long subscription, int body)
    {
        var id = DeliveryId.Of(sequence, subscription);
        var isFinished = state is "delivered" or "exhausted" or "cancelled";
        c.Prepared("""
            INSERT INTO message (change_sequence, change_id, kind, occurred_at, created_at, content_type, body)
            VALUES (@sequence, '0192f0c0000070008000000000000001', 'record.inserted', @at, @at, 'text/plain', @body)
            """).Bind("@sequence", sequence).Bind("@at", Milliseconds(storedBefore)).Bind("@body", new byte[body]).ExecuteNonQuery();
        c.Prepared("""
            INSERT INTO delivery (id, message_id, state, due_at, lease_token, created_at, finished_at)
            VALUES (@id, (SELECT max(id) FROM message), @state, @due, @lease, @at, @finished)
            """).Bind("@id", id).Bind("@state", state).Bind("@due", state is "pending" or "in_flight" or "waiting" ? 1 : null).Bind("@lease", state == "in_flight" ? 1 : null)
            .Bind("@at", Milliseconds(storedBefore)).Bind("@finished", isFinished ? Milliseconds(finishedBefore!.Value) : null).ExecuteNonQuery();
        c.Prepared("INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, url) VALUES (@id, 1, 0, 0, 'Succeeded', 'u')")
            .Bind("@id", id).ExecuteNonQuery();
    }

    public long Milliseconds(TimeSpan before) => (clock.GetUtcNow() - before).ToUnixTimeMilliseconds();

    public Task<int> RunAsync(string sql) => database.WriteAsync(c => c.Prepared(sql).ExecuteNonQuery());

    public int Count(string from) => int.Parse(Text($"SELECT count(*) FROM {from}"), CultureInfo.InvariantCulture);

    public string Text(string sql) => database.Read(c => Convert.ToString(c.Prepared(sql).ExecuteScalar(), CultureInfo.InvariantCulture)!);

    public string States() => Text("SELECT string_agg(s, ', ') FROM (SELECT state || ' ' || count(*) AS s FROM delivery GROUP BY state ORDER BY state) AS states");
}
