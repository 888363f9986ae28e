using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Tests.Postgres;

namespace Host.Tests.Storage.Away;

/// <summary>A host on a PostgreSQL server of its own, with a network between them that a test can break.</summary>
internal sealed class HostOnRelay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private HostOnRelay(PostgresServer server, Relay relay, RunningHost host, string direct) => (Server, Relay, Host, Direct) = (server, relay, host, direct);

    public PostgresServer Server { get; }

    public Relay Relay { get; }

    public RunningHost Host { get; }

    /// <summary>The database without the relay.</summary>
    public string Direct { get; }

    /// <summary>Starts server, relay and host.</summary>
    /// <param name="more">Further settings of the host's connection.</param>
    /// <param name="configure">Adds to the host's builder.</param>
    public static async Task<HostOnRelay> StartAsync(string more = "", Action<WebApplicationBuilder>? configure = null)
    {
        var server = new PostgresServer();
        var direct = server.AddDatabase();
        var relay = new Relay(server.Port);
        var host = new RunningHost { Postgres = $"{new NpgsqlConnectionStringBuilder(direct) { Port = relay.Port }};{more}", Configure = configure };
        await host.InitializeAsync();
        return new HostOnRelay(server, relay, host, direct);
    }

    /// <summary>A session from outside.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Direct + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Asks for the health until it has a status; each answer has to come soon.</summary>
    /// <returns>The report.</returns>
    public Task<JsonElement> WaitForHealthAsync(string status) => WaitForHealthAsync(Host, report => report.GetProperty("status").GetString() == status);

    public static async Task<JsonElement> WaitForHealthAsync(RunningHost host, Func<JsonElement, bool> isSo)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            using var response = await host.Nobody.GetAsync("/healthz");
            // It waits for two seconds at most; the rest is for a busy machine, and still less than any statement waits.
            Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(9));
            var text = await response.Content.ReadAsStringAsync();
            using var document = JsonDocument.Parse(text);
            Assert.Equal(document.RootElement.GetProperty("status").GetString() == "ready" ? 200 : 503, (int)response.StatusCode);
            if (isSo(document.RootElement))
                return document.RootElement.Clone();
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, text);
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Relay.Heal();
        await Host.DisposeAsync();
        await Relay.DisposeAsync();
        Server.Dispose();
    }
}
