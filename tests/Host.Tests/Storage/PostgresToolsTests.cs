using Npgsql;
using Tests.Postgres;

namespace Host.Tests.Storage;

/// <summary>The tools by which tests take a server or the way to it away do what they say.</summary>
[Collection("Database away")]
public sealed class PostgresToolsTests
{
    [PostgresFact]
    public async Task A_relay_is_cut_frozen_healed_and_led_to_the_promoted_standby()
    {
        using var first = new PostgresServer();
        await using var relay = new Relay(first.Port);
        first.Execute("postgres", "CREATE TABLE seen AS SELECT 1 AS number");
        using var standby = first.AddStandby(synchronous: true);
        first.Execute("postgres", "UPDATE seen SET number = 2");
        await using var connection = new NpgsqlConnection(first.Connection("postgres", relay.Port) + ";Pooling=false;Timeout=3;Command Timeout=1;Cancellation Timeout=-1");
        await connection.OpenAsync();
        Assert.Equal(2, await ReadAsync(connection));

        relay.Freeze();
        var read = ReadAsync(connection);
        Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<NpgsqlException>(() => read)).InnerException);
        await connection.CloseAsync();
        relay.Heal();
        await connection.OpenAsync();
        relay.Cut();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ReadAsync(connection));
        await connection.CloseAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.OpenAsync());

        first.Stop(StopMode.Immediate);
        standby.Promote();
        relay.LeadTo(standby.Port);
        relay.Heal();
        await connection.OpenAsync();
        Assert.Equal(2, await ReadAsync(connection));
    }

    [PostgresFact]
    public async Task A_server_is_paused_and_goes_on_and_has_after_a_crash_what_was_committed()
    {
        using var server = new PostgresServer();
        server.Execute("postgres", "CREATE TABLE seen AS SELECT 1 AS number");
        await using (var connection = new NpgsqlConnection(server.Connection("postgres") + ";Pooling=false;Command Timeout=30"))
        {
            await connection.OpenAsync();
            server.Pause();
            var read = ReadAsync(connection);
            await Assert.ThrowsAsync<TimeoutException>(() => read.WaitAsync(TimeSpan.FromMilliseconds(300)));
            server.Resume();
            Assert.Equal(1, await read);
        }

        server.Stop(StopMode.Immediate);
        server.Start();
        Assert.Equal(1, server.Execute("postgres", "SELECT number FROM seen"));
    }

    private static async Task<object?> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT number FROM seen", connection);
        return await command.ExecuteScalarAsync();
    }
}
