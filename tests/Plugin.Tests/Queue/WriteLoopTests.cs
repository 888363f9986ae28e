using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Tests.Postgres;

namespace Plugin.Tests.Queue;

/// <summary>What waits for what, where several may write.</summary>
public sealed class WriteLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task Ends_of_attempts_are_stored_while_a_batch_is_and_what_is_done_alone_waits_for_both()
    {
        await using var database = PluginDatabase.Open(new PostgresEngine(PostgresServer.NewDatabase()));
        using var entered = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var detecting = database.WriteRepeatableAsync(_ => Wait(entered, go));
        await entered.WaitAsync(Patience);
        // The one writer is taken; this has another.
        Assert.Equal(7, await database.WriteBesideAsync(_ => 7).WaitAsync(Patience));

        var settling = database.WriteBesideAsync(_ => Wait(entered, go));
        await entered.WaitAsync(Patience);
        var order = new List<string>();
        var alone = database.WriteAsync(_ => Note(order, "alone"));
        Assert.False(alone.IsCompleted);
        go.Release();
        await Task.WhenAny(detecting, settling).WaitAsync(Patience);
        Note(order, "one ended");
        go.Release();
        await Task.WhenAll(detecting, settling, alone).WaitAsync(Patience);
        Assert.Equal(["one ended", "alone"], order);
    }

    [PostgresFact]
    public async Task Only_what_would_be_done_again_does_not_wait_for_the_disk()
    {
        await using var database = PluginDatabase.Open(new PostgresEngine(PostgresServer.NewDatabase()));
        Assert.Equal("off", await database.WriteRepeatableAsync(Setting));
        Assert.Equal("on", await database.WriteBesideAsync(Setting));
        Assert.Equal("on", await database.WriteAsync(Setting));

        static string Setting(PluginConnection c) => (string)c.Prepared("SHOW synchronous_commit").ExecuteScalar()!;
    }

    [PostgresFact]
    public async Task An_order_that_comes_up_makes_all_nodes_write_by_turns_from_the_next_transaction_on()
    {
        var connection = PostgresServer.NewDatabase();
        await using var one = PluginDatabase.Open(new PostgresEngine(connection));
        await using var other = PluginDatabase.Open(new PostgresEngine(connection));
        Assert.True(await one.WriteBesideAsync(c => c.KnowsNoOrders));
        await other.WriteAsync(c =>
        {
            c.Run("INSERT INTO subscription (key, label, state, starts_after, created_at, ordering) VALUES ('a', 'a', 'active', 0, 0, 'strict')");
            return 0;
        });

        using var entered = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var first = one.WriteBesideAsync(c => c.KnowsNoOrders || Wait(entered, go) == 0);
        await entered.WaitAsync(Patience);
        var order = new List<string>();
        var second = other.WriteBesideAsync(_ => Note(order, "second"));
        Assert.True(one.Read(SomebodyWaits));
        Note(order, "first ends");
        go.Release();
        await Task.WhenAll(first, second).WaitAsync(Patience);
        Assert.Equal(["first ends", "second"], order);

        // For the lock that the other holds. What locks there are is told as it is at each moment.
        static bool SomebodyWaits(PluginConnection c)
        {
            const string Ask = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()";
            var spin = new SpinWait();
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Patience; spin.SpinOnce())
            {
                if (c.Prepared(Ask).ExecuteScalar() is long and > 0)
                    return true;
            }
            return false;
        }
    }

    private static int Wait(SemaphoreSlim entered, SemaphoreSlim go)
    {
        entered.Release();
        Assert.True(go.Wait(Patience));
        return 0;
    }

    private static int Note(List<string> order, string what)
    {
        lock (order)
            order.Add(what);
        return 0;
    }
}
