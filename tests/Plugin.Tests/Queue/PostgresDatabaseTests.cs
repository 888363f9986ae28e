using System.Data.Common;
using System.Globalization;
using Npgsql;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Tests.Postgres;

namespace Plugin.Tests.Queue;

/// <summary>What <see cref="PluginDatabaseTests"/> show of a file, and what a server may do besides.</summary>
[Trait("Storage", "postgres")]
public sealed class PostgresDatabaseTests
{
    [PostgresFact]
    public async Task Only_work_that_would_be_done_again_leaves_the_disk_for_later_and_readers_do_not_write()
    {
        await using var database = Open(PostgresServer.NewDatabase());
        Assert.Equal("off", await database.WriteRepeatableAsync(WaitsForDisk));
        Assert.Equal("on", await database.WriteAsync(WaitsForDisk));
        Assert.Equal("on", await database.WriteBesideAsync(WaitsForDisk));

        using var entered = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var first = database.WriteRepeatableAsync(c =>
        {
            entered.Release();
            go.Wait();
            return 0L;
        });
        await entered.WaitAsync();
        var together = new[] { database.WriteRepeatableAsync(WaitsForDisk), database.WriteAsync(WaitsForDisk) };
        go.Release();
        await first;
        Assert.All(await Task.WhenAll(together), each => Assert.Equal("on", each));
        Assert.ThrowsAny<DbException>(() => database.Read(c => c.Prepared("DELETE FROM reader").ExecuteNonQuery()));

        static string WaitsForDisk(PluginConnection c) => (string)c.Prepared("SHOW synchronous_commit").ExecuteScalar()!;
    }

    [PostgresFact]
    public async Task Nodes_that_start_at_once_make_the_tables_once()
    {
        var connection = PostgresServer.NewDatabase();
        // Each on a thread of its own: while one waits for another it would keep the thread pool from connecting.
        var nodes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            Task.Factory.StartNew(() => Open(connection), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        for (var i = 0; i < nodes.Length; i++)
            await nodes[i].WriteAsync(c => Insert(c, string.Create(CultureInfo.InvariantCulture, $"node {i}")));
        Assert.All(nodes, node => Assert.Equal(5, Count(node)));
        Assert.Equal(1L, nodes[0].Read(c => (long)c.Prepared("SELECT count(*) FROM schema_version").ExecuteScalar()!));
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [PostgresFact]
    public async Task Work_of_a_node_waits_while_another_is_alone_and_goes_on_beside_others()
    {
        var connection = PostgresServer.NewDatabase();
        await using var one = Open(connection);
        await using var other = Open(connection);
        foreach (var isAlone in new[] { false, true })
        {
            using var entered = new SemaphoreSlim(0);
            using var go = new SemaphoreSlim(0);
            Func<PluginConnection, int> holds = c =>
            {
                entered.Release();
                go.Wait();
                return 0;
            };
            var first = isAlone ? one.WriteAsync(holds) : one.WriteBesideAsync(holds);
            await entered.WaitAsync();
            var second = other.WriteBesideAsync(c => Insert(c, $"beside {isAlone}"));
            if (isAlone)
                await UntilWaitingAsync(connection);
            else
                await second;
            Assert.Equal(!isAlone, second.IsCompleted);
            go.Release();
            await first;
            await second;
        }
        Assert.Equal(2, Count(one));
    }

    [PostgresFact]
    public async Task A_connection_that_breaks_takes_its_work_whole_says_why_and_the_next_work_goes_on()
    {
        await using var database = Open(PostgresServer.NewDatabase());
        await database.WriteAsync(c => Insert(c, "before"));
        var failed = await Assert.ThrowsAnyAsync<DbException>(() => database.WriteAsync(c =>
        {
            Insert(c, "half");
            End(database, Convert.ToInt64(c.Prepared("SELECT pg_backend_pid()").ExecuteScalar(), CultureInfo.InvariantCulture));
            return Insert(c, "other half");
        }));
        Assert.Equal(failed.Message, database.WriteFault);
        Assert.Equal(1, Count(database));
        await database.WriteAsync(c => Insert(c, "after"));
        Assert.Null(database.WriteFault);
        Assert.Equal(2, Count(database));
    }

    [PostgresFact]
    public async Task A_reading_connection_that_was_found_broken_while_it_was_idle_is_passed_over()
    {
        await using var database = Open(PostgresServer.NewDatabase());
        database.Read(c => c).Dispose(); // as the keep-alive leaves it
        Assert.Equal(0, Count(database));
    }

    [PostgresFact]
    public void Whether_a_transaction_was_committed_is_known_also_when_the_answer_was_lost()
    {
        using var engine = new PostgresEngine(PostgresServer.NewDatabase());
        var writer = engine.Connect(writes: true);
        engine.Migrate(writer);
        foreach (var isCommitted in new[] { true, false })
        {
            engine.Begin(writer, waitsForDisk: true, isAlone: true);
            var pid = Convert.ToInt64(writer.Prepared("SELECT pg_backend_pid()").ExecuteScalar(), CultureInfo.InvariantCulture);
            if (isCommitted)
                writer.Run("COMMIT");
            using (var other = engine.Connect(writes: false))
                other.Prepared("SELECT pg_terminate_backend(@pid::int, 10000)").Bind("@pid", pid).ExecuteNonQuery();
            Assert.ThrowsAny<DbException>(() => writer.Run("SELECT 1"));
            Assert.Equal(isCommitted, engine.WasCommitted(ref writer));
        }
        writer.Dispose();
    }

    [Fact]
    public void A_name_that_is_not_resolved_is_trouble_of_the_server()
    {
        using var engine = new PostgresEngine("Host=nowhere.invalid;Username=nobody");
        Assert.True(engine.IsTrouble(Assert.ThrowsAny<Exception>(() => engine.Connect(writes: true))));
    }

    [PostgresFact]
    public void A_database_that_cannot_be_used_says_why_and_never_the_password()
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresServer.NewDatabase()) { Password = "planted-password" };
        var missing = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Database = "not_there" };
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var nobody = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port };
        listener.Stop();
        foreach (var (connection, why) in new[] { (missing, "\"not_there\" does not exist"), (nobody, "Failed to connect to 127.0.0.1") })
        {
            var refused = Assert.ThrowsAny<DbException>(() => Open(connection.ConnectionString));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("planted-password", refused.ToString(), StringComparison.Ordinal);
        }
        using var engine = new PostgresEngine(settings.ConnectionString);
        Assert.Contains("127.0.0.1", engine.Place, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-password", engine.Place, StringComparison.Ordinal);
    }

    // The server ends as if its machine had lost its power, but for what the system had been handed: what is not written yet is gone.
    [PostgresFact]
    public async Task When_the_server_crashes_position_and_deliveries_are_gone_together_and_nothing_that_was_reported_is()
    {
        using var server = new PostgresServer();
        var connection = server.AddDatabase();
        var clock = new FakeClock();
        await using (var database = Open(connection))
        {
            var queue = await DeliveryQueue.OpenAsync(database, clock);
            await queue.StartReaderAsync(0);
            for (var at = 0; at < 40; at++)
            {
                Assert.NotNull(await queue.IngestAsync(new IngestBatch(at, at + 1, [Message(at + 1)])));
                if (at == 19)
                    await database.WriteAsync(c => Insert(c, "reported")); // and so is what was stored before
            }
            Assert.Equal(40, queue.ReadPosition());
            server.Stop(StopMode.Immediate);
            server.Start();
            // Whoever reads meets the broken connection, and is given another.
            Assert.InRange(queue.ReadPosition()!.Value, 20, 40);
            var position = queue.ReadPosition()!.Value;
            Assert.Equal(position, database.Read(c => (long)c.Prepared("SELECT count(*) FROM message").ExecuteScalar()!));
            Assert.Equal(position, database.Read(c => (long)c.Prepared("SELECT count(*) FROM delivery").ExecuteScalar()!));
            Assert.Equal(2, Count(database));
            // The writing connection is a new one too, after one failure; or none, where it was found broken while it was idle.
            var batch = new IngestBatch(position, position + 1, [Message(position + 1)]);
            try
            {
                Assert.NotNull(await queue.IngestAsync(batch));
            }
            catch (DbException)
            {
                Assert.NotNull(await queue.IngestAsync(batch));
            }
        }

        NewMessage Message(long sequence) => new()
        {
            ChangeSequence = sequence,
            ChangeId = Guid.NewGuid(),
            Kind = "record.inserted",
            OccurredAt = clock.GetUtcNow(),
            ContentType = "application/json",
            Body = "{}"u8.ToArray(),
            Deliveries = [new NewDelivery(1, DeliveryState.Pending)],
        };
    }

    // After a crash the server gives the numbers of transactions that it has forgotten to others.
    [PostgresFact]
    public async Task A_transaction_that_the_server_forgot_is_not_taken_for_another_that_was_committed()
    {
        using var server = new PostgresServer();
        var connection = server.AddDatabase();
        await using var database = Open(connection);
        using var engine = new PostgresEngine(connection);
        var writer = engine.Connect(writes: true);
        try
        {
            engine.Begin(writer, waitsForDisk: true, isAlone: false);
            Insert(writer, "forgotten");
            var number = Number(writer);
            server.Stop(StopMode.Immediate);
            server.Start();
            await using (var source = NpgsqlDataSource.Create(connection))
            {
                await using var command = source.CreateCommand("SELECT pg_current_xact_id()::text::bigint");
                while ((long)(await command.ExecuteScalarAsync())! <= number)
                {
                    // Each takes one.
                }
            }
            Assert.ThrowsAny<DbException>(() => writer.Run("COMMIT"));
            Assert.False(engine.WasCommitted(ref writer));
        }
        finally
        {
            writer.Dispose();
        }
    }

    [PostgresFact]
    public async Task A_commit_whose_answer_was_lost_is_found_to_be_one()
    {
        var connection = PostgresServer.NewDatabase();
        await using var database = Open(connection);
        using var engine = new PostgresEngine(connection);
        await using var source = NpgsqlDataSource.Create(connection);
        foreach (var isCommitted in new[] { true, false })
        {
            var writer = engine.Connect(writes: true);
            try
            {
                engine.Begin(writer, waitsForDisk: true, isAlone: true);
                Insert(writer, $"{isCommitted}");
                var backend = (int)writer.Prepared("SELECT pg_backend_pid()").ExecuteScalar()!;
                if (isCommitted)
                    writer.Run("COMMIT");
                await using var command = source.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_terminate_backend({backend}, 10000)"));
                Assert.Equal(true, await command.ExecuteScalarAsync());
                Assert.ThrowsAny<DbException>(() => writer.Run("SELECT 1"));
                Assert.Equal(isCommitted, engine.WasCommitted(ref writer));
            }
            finally
            {
                writer.Dispose();
            }
        }
    }

    private static long Number(PluginConnection c) => (long)c.Prepared("SELECT pg_current_xact_id()::text::bigint").ExecuteScalar()!;

    private static PluginDatabase Open(string connection) => PluginDatabase.Open(new PostgresEngine(connection));

    private static int Insert(PluginConnection c, string name) =>
        c.Prepared("INSERT INTO reader (name, position) VALUES (@name, 0)").Bind("@name", name).ExecuteNonQuery();

    private static long Count(PluginDatabase database) => database.Read(c => (long)c.Prepared("SELECT count(*) FROM reader").ExecuteScalar()!);

    private static void End(PluginDatabase database, long pid) =>
        database.Read(c => c.Prepared("SELECT pg_terminate_backend(@pid::int, 10000)").Bind("@pid", pid).ExecuteScalar());

    // Until somebody stands in the line for the turn.
    private static async Task UntilWaitingAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(bool)(await command.ExecuteScalarAsync(over.Token))!)
        {
        }
    }
}
