using System.Text.Json;
using EndToEnd.Tests.Kill;
using Npgsql;
using Tests.Postgres;

namespace EndToEnd.Tests.Nodes;

/// <summary>A host that stands still for longer than its lease has lost its work to the others, and what it knows when it goes on overwrites nothing.</summary>
public sealed class StandstillTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [PostgresFact]
    public async Task A_node_that_wakes_up_does_not_overwrite_what_another_did_in_its_place()
    {
        var connection = PostgresServer.NewDatabase();
        await using var receiver = await EventReceiver.StartAsync();
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiver.BeforeAnswer = async arrival =>
        {
            if (arrival.Number > 1)
                return;
            await mayEnd.Task;
            arrival.AnswerWith(500);
        };
        var options = new HostProcessOptions
        {
            Arguments = ["--Host:Storage:Provider", "postgres", "--Host:Storage:ConnectionString", connection],
            Config = JsonSerializer.Serialize(new
            {
                hooks = new[] { new { label = "Standstill", url = receiver.Address, events = new[] { "record.*" }, schedule = new[] { "0s", "1h" } } },
                delivery = new { timeoutSeconds = 120 },
                network = new { allow = new[] { receiver.Address.Authority } },
            }),
        };
        var load = new SaveLoad();
        await using var stands = await HostProcess.StartAsync(options);
        await load.InsertAsync(stands.Client, 1, "First");
        await receiver.WaitForRequestsAsync(1, s_patience);
        await using var other = await HostProcess.StartAsync(options);

        Standstill.Begin(stands.ProcessId);
        Assert.Empty(await receiver.WaitForAsync(load.Acknowledged, s_patience));
        await WaitForStoredAsync(connection, "SELECT count(*) FROM api_webhooks.delivery WHERE state = 'delivered'", 1);
        mayEnd.SetResult();
        Standstill.End(stands.ProcessId);
        await stands.WaitForOutputAsync("ended before its attempt did", s_patience);

        Assert.Equal((1, 2, 1), (Read(connection, "SELECT count(*) FROM api_webhooks.delivery WHERE state = 'delivered'"), receiver.Requests, receiver.Ids));
        Assert.Empty(receiver.Contradictions);
        // And it takes part again.
        await load.InsertAsync(stands.Client, 1, "Second");
        Assert.Empty(await receiver.WaitForAsync(load.Acknowledged, s_patience));
        await WaitForStoredAsync(connection, "SELECT count(*) FROM api_webhooks.delivery WHERE state <> 'delivered'", 0);
    }

    private static async Task WaitForStoredAsync(string connection, string sql, long expected)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (Read(connection, sql) != expected)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
    }

    private static long Read(string connection, string sql)
    {
        using var open = new NpgsqlConnection(connection);
        open.Open();
        using var command = new NpgsqlCommand(sql, open);
        return (long)command.ExecuteScalar()!;
    }
}
