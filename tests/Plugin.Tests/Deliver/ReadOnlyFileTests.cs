using Npgsql;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Deliver;

/// <summary>The plugin's file can be read and not written for a while, as after an administrator's slip or a fault of the disk. Nobody restarts anything.</summary>
public sealed class ReadOnlyFileTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;
    private PluginConnection? _writer;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Changes_wait_in_the_log_the_health_says_why_and_once_writable_everything_arrives_once()
    {
        await _f.StartAsync(Hook());
        await SetReadOnlyAsync(true);
        for (var i = 0; i < 10; i++)
            _f.Log.Append();
        await UntilAsync(() => IsReadOnlyTold);
        // Beside what a node lost with its connection, which it has again with the next look.
        Assert.Equal("storage", Assert.Single(_f.Pipeline.GetFaults(), fault => fault.Place != "Nodes").Place);
        Assert.Empty(_receiver.All);

        var stored = _f.WhenStored(10);
        await SetReadOnlyAsync(false);
        await UntilAsync(() => stored.IsCompleted);
        await stored;
        Assert.Equal(10, _receiver.All.Count);
        Assert.Equal(10, _receiver.All.Select(r => r.Id).Distinct().Count());
        await UntilAsync(() => _f.Pipeline.GetFaults().Count == 0);
    }

    [Fact]
    public async Task What_was_answered_meanwhile_is_recorded_once_writable_and_not_sent_again()
    {
        using var arrived = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        _receiver.Answer = async (_, context) =>
        {
            arrived.Release();
            await answer.WaitAsync();
            context.Response.StatusCode = 200;
        };
        await _f.StartAsync(Hook());
        _f.Log.Append();
        await arrived.WaitAsync();
        await SetReadOnlyAsync(true);
        var stored = _f.WhenStored(1);
        answer.Release();
        await UntilAsync(() => IsReadOnlyTold);

        await SetReadOnlyAsync(false);
        await UntilAsync(() => stored.IsCompleted);
        await stored;
        Assert.Single(_receiver.All);
        Assert.Equal("delivered 1", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
    }

    private bool IsReadOnlyTold =>
        _f.Pipeline.GetFaults().Any(fault => fault.Message.Contains(TestDatabase.IsOnPostgres ? "read-only" : "readonly", StringComparison.Ordinal));

    // SQLite refuses every transaction on the writing connection, in the words in which it refuses one to a file that it may only read. Set beside the
    // writer loop, through which nothing goes meanwhile; SQLite's connections may be used by several threads. PostgreSQL refuses as a server does that has
    // become a standby: it ends the connections, and on new ones nothing is written.
    private async Task SetReadOnlyAsync(bool isReadOnly)
    {
        if (TestDatabase.ConnectionOf(_f.DatabasePath) is { } connection)
        {
            await using var source = NpgsqlDataSource.Create($"{connection};Pooling=false;Options=-c default_transaction_read_only=off");
            await using var command = source.CreateCommand($"""
                DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {(isReadOnly ? "on" : "off")}', current_database()); END $$;
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid();
                """);
            await command.ExecuteNonQueryAsync();
            return;
        }
        _writer ??= await _f.Database.WriteAsync(c => c);
        Assert.Equal(0, SQLitePCL.raw.sqlite3_exec(((SqlitePluginConnection)_writer).Handle, $"PRAGMA query_only = {(isReadOnly ? "ON" : "OFF")}"));
    }

    // No attempt runs out of time while the clock is moved on in steps.
    private HookSettings Hook() => PipelineFixture.Hook(_receiver.Url) with { Timeout = TimeSpan.FromDays(9) };

    // Whoever failed tries again after pauses of the test's clock, at times of its own.
    private async Task UntilAsync(Func<bool> isSo)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            over.Token.ThrowIfCancellationRequested();
            _f.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
