using Plugin.ApiWebhooks.Queue.Engines;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Track;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TestFolder _folder = new();
    private readonly RestlessClock _clock = new();
    private PluginDatabase _database = null!;
    private StoredHistory _stored = null!;
    private StorageSettings _settings = new() { MostBytes = 0 };
    private Retention _retention = null!;
    private int _refusalsRemoved;

    public async Task InitializeAsync()
    {
        _database = TestDatabase.Open(Path.Combine(_folder.Data, "t.db"));
        _stored = new StoredHistory(_database, _clock);
        _retention = new Retention(new RetentionStore(_database), () => _settings, () => _refusalsRemoved++, () => Task.CompletedTask, _clock, NullLogger<Retention>.Instance);
        await _stored.AddSubscriptionsAsync();
    }

    public async Task DisposeAsync()
    {
        await _retention.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_finished_long_ago_goes_with_its_attempts_and_its_message_and_nothing_owed_does()
    {
        foreach (var (sequence, state) in DeliveryStates().Index())
            await AddAsync(sequence + 1, 40 * Day, 40 * Day, state);
        await AddAsync(-1, 40 * Day, 40 * Day, "delivered"); // a notice
        await AddAsync(100, 40 * Day, 29 * Day, "delivered"); // retried until yesterday but eleven days
        await AddAsync(101, 1 * Day, 1 * Day, "delivered");
        await AddAsync(-2, 1 * Day, 1 * Day, "exhausted");
        await RunAsync("INSERT INTO refusal VALUES ((SELECT max(id) FROM delivery WHERE state = 'exhausted'), 1, 'x', 'x', 0)");
        await _retention.ClearAsync(default);
        await LookAgainAsync(3);
        Assert.Equal("delivered 2, exhausted 1, held 1, in_flight 1, pending 1, waiting 1", States());
        Assert.Equal(7, Count("message"));
        Assert.Equal(7, Count("attempt"));
        Assert.Equal(0, Count("refusal"));
        Assert.Equal(1, _refusalsRemoved);
        Assert.Equal("7|", Text("SELECT string_agg(coalesce(CAST(forgotten_up_to AS TEXT), ''), '|' ORDER BY id) FROM subscription"));
    }

    [Fact]
    public async Task A_message_stays_as_long_as_one_of_its_deliveries()
    {
        await AddAsync(1, 40 * Day, 40 * Day, "delivered", 1);
        await RunAsync("INSERT INTO delivery (id, message_id, state, created_at) SELECT (1 << 20) | 2, id, 'held', created_at FROM message");
        await _retention.ClearAsync(default);
        Assert.Equal("held 1", States());
        Assert.Equal(1, Count("message"));
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE delivery SET state = 'cancelled', finished_at = {Milliseconds(35 * Day)}"));
        await LookAgainAsync(24 * 7); // passed over once, it is looked at again a day later
        Assert.Equal(0, Count("message") + Count("delivery"));
    }

    [Fact]
    public async Task With_nothing_due_nothing_is_written()
    {
        await AddAsync(1, 5 * Day, 5 * Day, "delivered");
        await AddAsync(2, 500 * Day, null, "held");
        var before = _database.Commits;
        await LookAgainAsync(5);
        Assert.Equal(before, _database.Commits);
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_takes_little()
    {
        // One each day, the oldest almost old enough.
        for (var age = 30; age > 0; age--)
            await AddAsync(31 - age, (age * Day) - TimeSpan.FromHours(1), (age * Day) - TimeSpan.FromHours(1), "delivered");
        await _retention.ClearAsync(default);
        _clock.Jump(TimeSpan.FromDays(3650));
        await LookAgainAsync(6); // an hour
        Assert.Equal(29, Count("delivery"));
        _clock.Jump(TimeSpan.FromDays(-3650));
        await LookAgainAsync(6);
        Assert.Equal(29, Count("delivery"));
    }

    [Fact]
    public async Task What_was_stored_while_the_clock_was_ahead_goes_with_what_lies_beside_it()
    {
        await AddAsync(1, 40 * Day, 40 * Day, "delivered");
        await AddAsync(2, -3650 * Day, -3650 * Day, "delivered");
        await AddAsync(3, 40 * Day, 40 * Day, "delivered");
        await AddAsync(4, 2 * Day, 2 * Day, "delivered");
        await _retention.ClearAsync(default);
        await LookAgainAsync(2);
        Assert.Equal("4", Text("SELECT string_agg(CAST(change_sequence AS TEXT), ',') FROM delivery"));
    }

    [Fact]
    public async Task Too_large_the_oldest_finished_go_first_and_what_is_owed_stays()
    {
        for (var i = 1; i <= 400; i++)
            await AddAsync(i, Day - TimeSpan.FromMinutes(i), Day - TimeSpan.FromMinutes(i), i % 4 == 0 ? "held" : "delivered", body: 10_000);
        var used = new RetentionStore(_database).ReadSize().UsedBytes;
        _settings = _settings with { MostBytes = used / 2 };
        await _retention.ClearAsync(default);
        Assert.InRange(new RetentionStore(_database).ReadSize().UsedBytes, 0, used / 2);
        Assert.Equal(100, Count("delivery WHERE state = 'held'"));
        var newest = int.Parse(Text("SELECT min(change_sequence) FROM delivery WHERE state = 'delivered'"), CultureInfo.InvariantCulture);
        Assert.Equal((400 - newest + 1) * 3 / 4, Count("delivery WHERE state = 'delivered'"), 1.0);
        Assert.Empty(_retention.GetFaults());

        _settings = _settings with { MostBytes = used / 8 };
        await _retention.ClearAsync(default);
        Assert.Equal("held 100", States());
        Assert.Equal("storage.maxMegabytes", Assert.Single(_retention.GetFaults()).Place);
        _settings = _settings with { MostBytes = used };
        await _retention.ClearAsync(default);
        Assert.Empty(_retention.GetFaults());
    }

    [Fact]
    public async Task Too_large_with_no_finished_delivery_left_the_oldest_ended_presses_go_and_running_ones_stay()
    {
        await AddAsync(1, Day, Day, "held", body: 10_000);
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO press (press_key, button_key, button_label, record_id, record_pid, user_name, language, pressed_at, url, request, ended_at, outcome, duration_ms)
            SELECT 'k' || substr(CAST(100000 + i AS TEXT), 2), 'b', 'b', 1, 'p', 'u', 'en', {Milliseconds(Day)} + i, 'u', {Noise}, CASE WHEN i > 1 THEN 1 END, CASE WHEN i > 1 THEN 'Succeeded' END, CASE WHEN i > 1 THEN 1 END FROM n
            """));
        var used = new RetentionStore(_database).ReadSize().UsedBytes;
        _settings = _settings with { MostBytes = used / 2 };
        await _retention.ClearAsync(default);
        Assert.InRange(new RetentionStore(_database).ReadSize().UsedBytes, 0, used / 2);
        Assert.InRange(Count("press"), 2, 900);
        // The oldest runs still; of the others the newest stay.
        Assert.Equal("k00001", Text("SELECT min(press_key) FROM press"));
        Assert.Equal("k01200", Text("SELECT max(press_key) FROM press"));
        Assert.Equal(Count("press") - 1, 1200 - int.Parse(Text("SELECT min(substr(press_key, 2)) FROM press WHERE ended_at IS NOT NULL"), CultureInfo.InvariantCulture) + 1);
        Assert.Equal("held 1", States());
        Assert.Empty(_retention.GetFaults());
    }

    [Fact]
    public async Task One_change_with_very_many_deliveries_is_cleared_in_pieces()
    {
        await AddAsync(1, 40 * Day, 40 * Day, "delivered");
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO delivery (id, message_id, state, created_at, finished_at) SELECT (1 << 20) | i, (SELECT id FROM message), 'delivered', 0, {Milliseconds(40 * Day)} FROM n
            """));
        Assert.Equal(3000, await _retention.ClearAsync(default));
        Assert.Equal(0, Count("delivery") + Count("message") + Count("attempt"));
    }

    [Fact]
    public async Task The_audit_list_is_kept_for_a_year_and_no_longer_than_it_may_be_long()
    {
        foreach (var age in (TimeSpan[])[400 * Day, 370 * Day, 360 * Day, TimeSpan.Zero])
            await RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO audit (at, user_name, act, subject) VALUES ({Milliseconds(age)}, 'a', 'x', 'y')"));
        await _retention.ClearAsync(default);
        await LookAgainAsync(24 * 40);
        Assert.Equal(1, Count("audit")); // 40 days later but one is older than a year
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO audit (id, at, user_name, act, subject) VALUES ({AuditLog.Most + 4}, {Milliseconds(TimeSpan.Zero)}, 'a', 'x', 'y')"));
        _settings = _settings with { Retain = TimeSpan.Zero };
        await LookAgainAsync(1);
        Assert.Equal(AuditLog.Most + 4, int.Parse(Text("SELECT min(id) FROM audit"), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Zero_days_keeps_for_ever_and_presses_and_replays_go_too()
    {
        await AddAsync(1, 40 * Day, 40 * Day, "delivered");
        foreach (var (key, ended) in (IEnumerable<(string, string)>)[("old", "1"), ("running", "NULL"), ("new", "1")])
        {
            var at = Milliseconds(key == "new" ? Day : 40 * Day);
            await RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO press (press_key, button_key, button_label, record_id, record_pid, user_name, language, pressed_at, url, request, ended_at, outcome, duration_ms)
                VALUES ('{key}', 'b', 'b', 1, 'p', 'u', 'en', {at}, 'u', 'r', {ended}, CASE WHEN {ended} = 1 THEN 'Succeeded' END, 1)
                """));
        }
        await RunAsync("INSERT INTO replay (subscription_id, cause, which, dry_run, state, after_position, up_to, position, created_at, finished_at) VALUES (1, 'request', 'all', 0, 'done', 0, 1, 1, 0, 0)");
        await RunAsync("INSERT INTO replay (subscription_id, cause, which, dry_run, state, after_position, up_to, position, created_at) VALUES (1, 'request', 'all', 0, 'running', 0, 1, 0, 0)");
        _settings = _settings with { Retain = TimeSpan.Zero };
        await LookAgainAsync(2);
        Assert.Equal((1, 3, 2), (Count("delivery"), Count("press"), Count("replay")));
        _settings = _settings with { Retain = 30 * Day };
        await LookAgainAsync(2);
        Assert.Equal((0, 2, 1), (Count("delivery"), Count("press"), Count("replay")));
    }

    [Fact]
    [Trait("Storage", "sqlite")]
    public async Task The_log_of_the_database_stays_small_while_much_is_removed_and_its_room_is_used_again()
    {
        for (var first = 1; first <= 20_000; first += 1000)
            await FillAsync(first, 1000, 40 * Day);
        var pages = new RetentionStore(_database).ReadSize().Pages;
        var most = 0L;
        var log = new FileInfo(Path.Combine(_folder.Data, "t.db-wal"));
        _clock.TimerSet += () =>
        {
            log.Refresh();
            most = Math.Max(most, log.Length);
        };
        Assert.Equal(20_000, await _retention.ClearAsync(default));
        var size = new RetentionStore(_database).ReadSize();
        Assert.True(size.UsedBytes < 2_000_000, $"{size} is used.");
        Assert.InRange(most, 1, 32 * 1024 * 1024);
        await FillAsync(20_001, 5000, Day);
        Assert.True(new RetentionStore(_database).ReadSize().Pages <= pages);
    }

    private Task<int> FillAsync(int first, int count, TimeSpan before) => _database.WriteAsync(c =>
    {
        for (var i = first; i < first + count; i++)
            _stored.Add(c, i, before, before, "delivered", 1, 2_000);
        return 0;
    });

    private static IEnumerable<string> DeliveryStates() => ["delivered", "pending", "in_flight", "waiting", "held", "exhausted", "cancelled"];

    // Looks come ten minutes apart.
    private async Task LookAgainAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _clock.Pass(Retention.Interval);
            await _retention.ClearAsync(default);
        }
    }

    private Task<int> AddAsync(long sequence, TimeSpan storedBefore, TimeSpan? finishedBefore, string state, long subscription = 1, int body = 10) =>
        _stored.AddAsync(sequence, storedBefore, finishedBefore, state, subscription, body);

    // 3,000 letters that cannot be packed to nothing.
    private static string Noise => TestDatabase.IsOnPostgres ? "(SELECT string_agg(md5(i || '.' || j), '') FROM generate_series(1, 94) AS j)" : "hex(randomblob(1500))";

    private long Milliseconds(TimeSpan before) => _stored.Milliseconds(before);

    private Task<int> RunAsync(string sql) => _stored.RunAsync(sql);

    private int Count(string from) => _stored.Count(from);

    private string Text(string sql) => _stored.Text(sql);

    private string States() => _stored.States();
}
