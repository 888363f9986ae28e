using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Track;
using Tests.Postgres;

namespace Plugin.Tests.Track;

/// <summary>The history on PostgreSQL: divided by time, and dropped a part at a time.</summary>
[Trait("Storage", "postgres")]
public sealed class HistoryPartsTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly RestlessClock _clock = new();
    private string _connection = "";
    private PluginDatabase _database = null!;
    private StoredHistory _stored = null!;
    private StorageSettings _settings = new() { MostBytes = 0 };
    private HistoryParts _parts = null!;
    private Retention _retention = null!;
    private int _refusalsRemoved;

    public async Task InitializeAsync()
    {
        _connection = PostgresServer.NewDatabase();
        _database = PluginDatabase.Open(new PostgresEngine(_connection));
        _stored = new StoredHistory(_database, _clock);
        _parts = new HistoryParts(_database, () => _settings, _clock);
        _retention = new Retention(new RetentionStore(_database), () => _settings, () => _refusalsRemoved++, () => Task.CompletedTask, _clock, NullLogger<Retention>.Instance)
        {
            Parts = _parts,
        };
        await _stored.AddSubscriptionsAsync();
        await _stored.RunAsync("INSERT INTO reader (name, position) VALUES ('changes', 0)");
    }

    public async Task DisposeAsync()
    {
        await _retention.DisposeAsync();
        await _database.DisposeAsync();
    }

    [PostgresFact]
    public async Task Parts_are_made_ahead_of_the_changes_and_no_more_than_are_needed()
    {
        await _parts.KeepUpAsync();
        Assert.Equal("1-65536", Parts());
        await MoveToAsync(8_000);
        await _parts.KeepUpAsync();
        var commits = _database.Commits;
        foreach (var position in (long[])[16_000, 24_000, 32_000])
        {
            await MoveToAsync(position);
            await _parts.KeepUpAsync();
        }
        Assert.Equal("1-65536", Parts());
        Assert.Equal(commits + 3, _database.Commits); // the positions alone

        _clock.Pass(30 * Day / 8 / 2); // half of what a part is to last: as many again are to come
        await MoveToAsync(32_769);
        await _parts.KeepUpAsync();
        Assert.Equal("1-65536 65537-131072", Parts());
        foreach (var position in (long[])[40_000, 48_000, 56_000, 64_000, 72_000])
        {
            await MoveToAsync(position);
            await _parts.KeepUpAsync();
        }
        Assert.Equal("1-65536 65537-131072", Parts());
        Assert.Equal([true, false], _parts.Read().Select(part => part.LeftAt is not null));
    }

    [PostgresFact]
    public async Task What_comes_faster_gets_larger_parts()
    {
        await _parts.KeepUpAsync();
        await MoveToAsync(1);
        await _parts.KeepUpAsync();
        _clock.Pass(TimeSpan.FromHours(1));
        await MoveToAsync(60_000);
        await _parts.KeepUpAsync();
        Assert.Equal("1-65536 65537-327680", Parts()); // four times as many, no more at once

        _settings = _settings with { MostBytes = 8 * 4096 };
        await MoveToAsync(300_000);
        await _parts.KeepUpAsync();
        Assert.Equal(4096, _parts.Read()[^1] is var last ? last.To - last.From : 0); // and few when there is room for few
    }

    [PostgresFact]
    public async Task Rows_lie_in_the_part_of_their_change_and_all_else_in_the_rest()
    {
        await _parts.KeepUpAsync();
        foreach (var sequence in (long[])[-1, 1, 65_536, 65_537])
            await _stored.AddAsync(sequence, Day, Day, "delivered", DeliveryId.LastSubscription);
        Assert.Equal("-1 65537, -1 65537, -1 65537", InTables("rest"));
        Assert.Equal("1 65536, 1 65536, 1 65536", InTables("1"));
        // The next part begins behind what was read, and so behind what the rest has taken.
        await MoveToAsync(65_537);
        await _parts.KeepUpAsync();
        Assert.Equal(65_538, _parts.Read()[1].From);
        Assert.Equal(4, _stored.Count("delivery d JOIN message m ON m.id = d.message_id AND m.change_sequence = d.change_sequence"));
    }

    [PostgresFact]
    public async Task What_is_old_goes_with_its_part_and_what_it_was_is_noted()
    {
        await FillThreePartsAsync();
        await _stored.RunAsync("INSERT INTO refusal SELECT id, subscription_id, 'x', 'x', 0 FROM delivery WHERE state = 'exhausted'");
        Assert.Equal(1, _stored.Count("refusal"));

        await LookAgainAsync(24 * 6 * 25);
        Assert.Equal("1-65536 65537-131072 131073-196608", Parts()); // left 29 days ago, and entered 33
        Assert.Equal(6, _stored.Count("delivery"));
        await LookAgainAsync(24 * 6 * 2);
        Assert.Equal("65537-131072 131073-196608", Parts());
        Assert.Equal("delivered 2, held 1", _stored.States());
        Assert.Equal((3, 3, 0, 1), (_stored.Count("message"), _stored.Count("attempt"), _stored.Count("refusal"), _refusalsRemoved));
        Assert.Equal("2|1", _stored.Text("SELECT string_agg(coalesce(CAST(forgotten_up_to AS TEXT), ''), '|' ORDER BY id) FROM subscription"));
        Assert.Equal(0, _stored.Count("pg_class WHERE relname LIKE '%\\_1' AND relnamespace = 'api_webhooks'::regnamespace"));

        // Sent once more, a change whose part is gone has its place too.
        await _stored.AddAsync(1, Day, Day, "delivered");
        Assert.Equal(4, _stored.Count("delivery"));
    }

    [PostgresFact]
    public async Task A_part_with_something_owed_stays_and_what_is_finished_in_it_goes()
    {
        await FillThreePartsAsync();
        await LookAgainAsync(24 * 6 * 50);
        Assert.Equal("65537-131072 131073-196608", Parts());
        Assert.Equal("held 1", _stored.States());
        await _stored.RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE delivery SET state = 'cancelled', finished_at = {_stored.Milliseconds(TimeSpan.Zero)}"));
        await LookAgainAsync(24 * 6 * 29);
        Assert.Equal("cancelled 1", _stored.States());
        await LookAgainAsync(24 * 6 * 2);
        Assert.Equal("131073-196608", Parts());
        Assert.Equal(0, _stored.Count("message"));
    }

    [PostgresFact]
    public async Task Where_little_comes_and_a_part_lasts_long_it_is_cleared_piece_by_piece()
    {
        await _parts.KeepUpAsync();
        await _stored.AddAsync(1, TimeSpan.Zero, TimeSpan.Zero, "delivered");
        await MoveToAsync(1);
        await LookAgainAsync(24 * 6 * 37);
        Assert.Equal(1, _stored.Count("delivery"));
        await LookAgainAsync(24 * 6 * 2);
        Assert.Equal((0, "1-65536"), (_stored.Count("delivery"), Parts()));
    }

    [PostgresFact]
    public async Task Too_large_the_oldest_finished_part_goes_whole()
    {
        await FillThreePartsAsync(body: 1_000_000);
        var used = new RetentionStore(_database).ReadSize().UsedBytes;
        _settings = _settings with { MostBytes = used * 95 / 100 };
        await _retention.ClearAsync(default);
        Assert.Equal("65537-131072 131073-196608", Parts());
        Assert.Equal("delivered 2, held 1", _stored.States());
        Assert.Empty(_retention.GetFaults());
    }

    [PostgresFact]
    public async Task Whoever_reads_for_long_is_not_disturbed_and_keeps_nobody_waiting()
    {
        await FillThreePartsAsync();
        await LookAgainAsync(24 * 6 * 25);
        await using (var source = NpgsqlDataSource.Create(_connection))
        await using (var reader = await source.OpenConnectionAsync())
        await using (var transaction = await reader.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM api_webhooks.delivery", reader, transaction);
            await command.ExecuteScalarAsync();
            _clock.Pass(2 * Day);
            await _retention.ClearAsync(default);
            Assert.Equal(3, _parts.Read().Count);
            Assert.Null(_database.WriteFault);
            Assert.Equal(6L, await command.ExecuteScalarAsync());
        }
        await LookAgainAsync(1);
        Assert.Equal(2, _parts.Read().Count);
    }

    [PostgresFact]
    public async Task A_clock_that_was_ahead_keeps_nothing_for_ever()
    {
        _clock.Jump(3650 * Day);
        await _parts.KeepUpAsync();
        await MoveToAsync(70_000);
        await _parts.KeepUpAsync();
        _clock.Jump(-3650 * Day);
        await _parts.KeepUpAsync();
        Assert.Equal(_clock.GetUtcNow(), _parts.Read()[0].LeftAt);
    }

    // Four days each. The second has something that is owed.
    private async Task FillThreePartsAsync(int body = 10)
    {
        await _parts.KeepUpAsync();
        foreach (var (sequence, state, subscription) in ((long, string, long)[])[(1, "delivered", 1), (2, "exhausted", 1)])
            await _stored.AddAsync(sequence, TimeSpan.Zero, TimeSpan.Zero, state, subscription, body);
        await _stored.RunAsync("INSERT INTO delivery (id, message_id, state, created_at, finished_at) SELECT id + 1, message_id, state, created_at, finished_at FROM delivery WHERE change_sequence = 1");
        await MoveToAsync(2);
        await _parts.KeepUpAsync();
        _clock.Pass(4 * Day);
        await MoveToAsync(65_536);
        await _parts.KeepUpAsync();
        foreach (var (sequence, state) in ((long, string)[])[(65_537, "delivered"), (65_538, "held"), (65_539, "delivered")])
            await _stored.AddAsync(sequence, TimeSpan.Zero, TimeSpan.Zero, state, 1, 4 * body);
        await MoveToAsync(65_540);
        await _parts.KeepUpAsync();
        _clock.Pass(4 * Day);
        await MoveToAsync(131_072);
        await _parts.KeepUpAsync();
    }

    // Looks come ten minutes apart.
    private async Task LookAgainAsync(int times)
    {
        // Most of the time nothing is due: an hour of it is passed over in one step.
        for (var i = 0; i < times / 6 + 1; i++)
        {
            _clock.Pass(times < 6 ? Retention.Interval : TimeSpan.FromHours(1));
            await _retention.ClearAsync(default);
        }
    }

    private Task<int> MoveToAsync(long position) => _stored.RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE reader SET position = {position}"));

    private string Parts() => string.Join(' ', _parts.Read().Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.From}-{part.To - 1}")));

    private string InTables(string part) => _stored.Text($"""
        SELECT (SELECT string_agg(change_sequence::text, ' ' ORDER BY change_sequence) FROM message_{part}) || ', '
            || (SELECT string_agg(change_sequence::text, ' ' ORDER BY change_sequence) FROM delivery_{part}) || ', '
            || (SELECT string_agg((delivery_id >> 20)::text, ' ' ORDER BY delivery_id) FROM attempt_{part})
        """);
}
