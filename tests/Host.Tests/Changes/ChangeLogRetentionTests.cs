using System.Globalization;
using Dapper;
using Host.Tests.Loading;
using Microsoft.Extensions.DependencyInjection;
using SampleHost.Changes;
using SampleHost.Loading;
using SampleHost.Storage;

namespace Host.Tests.Changes;

/// <summary>What is old leaves the change log in time, and nothing else does.</summary>
public sealed class ChangeLogRetentionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RestlessClock _clock = new();
    private RunningHost _host = null!;

    private ChangeLog Log => _host.Get<ChangeLog>();

    public Task InitializeAsync() => StartAsync("--Host:ChangeLog:RetainDays=30");

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Old_changes_and_keys_go_in_pieces_and_the_rest_stays()
    {
        await AddAsync(700, age: 40);
        await AddAsync(5, age: 2);
        await WriteAsync("INSERT INTO press_keys VALUES ('old', 1, @at)", 40);
        await WriteAsync("INSERT INTO press_keys VALUES ('new', 1, @at)", 2);
        Assert.Equal(700, await ClearAsync(looks: 100));
        Assert.Equal(700, await Log.GetFirstPositionAsync(default));
        Assert.Equal([701, 702, 703, 704, 705], (await Log.ReadAfterAsync(0, 100, default)).Select(change => change.Sequence));
        Assert.Equal(705, await Log.GetLastPositionAsync(default));
        Assert.Equal("new", Scalar<string>("SELECT string_agg(press_key, ',') FROM press_keys"));
        Assert.Equal(new Dam.Hosting.ChangeStretch(700, 705), await Log.FindStretchAsync(null, null, default));
    }

    [Fact]
    public async Task The_newest_change_stays_however_old_so_that_sequences_go_on()
    {
        await AddAsync(3, age: 400);
        await ClearAsync(looks: 5);
        Assert.Equal(3, Assert.Single(await Log.ReadAfterAsync(0, 10, default)).Sequence);
        Assert.Equal((2L, 3L), (await Log.GetFirstPositionAsync(default), await Log.GetLastPositionAsync(default)));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_takes_a_day_in_an_hour()
    {
        for (var age = 30; age > 0; age--)
            await AddAsync(1, age - (1 / 24.0));
        await ClearAsync(looks: 1);
        _clock.Jump(TimeSpan.FromDays(3650));
        Assert.Equal(1, await ClearAsync(looks: 6));
        _clock.Jump(TimeSpan.FromDays(-3650));
        Assert.Equal(0, await ClearAsync(looks: 6));
    }

    [Trait("Storage", "sqlite")]
    [Fact]
    public async Task With_nothing_due_nothing_is_written()
    {
        await AddAsync(5, age: 3);
        var log = new FileInfo(_host.Get<Database>().Engine.Place + "-wal");
        var before = (log.Length, log.LastWriteTimeUtc);
        await ClearAsync(looks: 5);
        log.Refresh();
        Assert.Equal(before, (log.Length, log.LastWriteTimeUtc));
    }

    [Fact]
    public async Task So_many_are_kept_and_no_more_when_that_is_asked_for()
    {
        await _host.DisposeAsync();
        await StartAsync("--Host:ChangeLog:MaxChanges=10", "--Host:ChangeLog:RetainDays=0");
        await AddAsync(25, age: 1);
        Assert.Equal(15, await ClearAsync(looks: 1));
        Assert.Equal(15, await Log.GetFirstPositionAsync(default));
        Assert.Equal(10, (await Log.ReadAfterAsync(0, 100, default)).Count);
    }

    [Theory]
    [InlineData("ProgressBehind", 2)]
    [InlineData("Progress", 0)]
    public async Task What_a_running_plugin_has_not_read_stays_and_one_that_does_not_say_loses_nothing(string place, int removed)
    {
        var plugins = new PluginHost(arguments: ["--Host:ChangeLog:RetainDays=30"]);
        await using var own = plugins;
        plugins.Put("Fixture.Throws", $"Throws-{place}");
        await plugins.StartAsync();
        await plugins.WaitForAsync($"Throws-{place}", PluginState.Running);
        await AddAsync(5, age: 40, plugins.Get<Database>());
        var retention = ActivatorUtilities.CreateInstance<ChangeLogRetention>(plugins.Get<IServiceProvider>(), (TimeProvider)_clock);
        _clock.Pass(ChangeLogRetention.Interval);
        Assert.Equal(removed, await retention.ClearAsync(default));
        Assert.Equal(removed, await plugins.Get<ChangeLog>().GetFirstPositionAsync(default));
    }

    [Theory]
    [InlineData("Host:ChangeLog:RetainDays", "-1")]
    [InlineData("Host:ChangeLog:RetainDays", "soon")]
    [InlineData("Host:ChangeLog:MaxChanges", "1.5")]
    public async Task What_makes_no_sense_is_refused_in_words(string key, string value)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningHost.StartAsync(arguments: [$"--{key}={value}"], withAccounts: false));
        Assert.StartsWith($"{key} is '{value}'.", fault.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(params string[] arguments)
    {
        // The clock is the retention's alone: nothing else of a host stands still.
        _host = await RunningHost.StartAsync(arguments: arguments, withAccounts: false);
        Retention = ActivatorUtilities.CreateInstance<ChangeLogRetention>(_host.Services, (TimeProvider)_clock);
    }

    private ChangeLogRetention Retention { get; set; } = null!;

    // Looks come ten minutes apart.
    private async Task<int> ClearAsync(int looks)
    {
        var removed = 0;
        for (var i = 0; i < looks; i++)
        {
            _clock.Pass(ChangeLogRetention.Interval);
            removed += await Retention.ClearAsync(default);
        }

        return removed;
    }

    private Task AddAsync(int count, double age) => AddAsync(count, age, _host.Get<Database>());

    private static async Task AddAsync(int count, double age, Database database)
    {
        await database.WriteAsync(
            scope =>
            {
                for (var i = 0; i < count; i++)
                {
                    var change = ChangeLog.Append(scope, new Dam.Hosting.Change
                    {
                        Sequence = 0,
                        Id = Guid.CreateVersion7(Now),
                        Kind = Dam.Hosting.ChangeKind.RecordPublished,
                        OccurredAt = Now.AddDays(-age),
                        Actor = new Dam.Hosting.Actor("test"),
                        Via = Dam.Hosting.ChangeOrigin.System,
                    });
                    Assert.True(change.Sequence > 0);
                }

                return count;
            },
            default);
    }

    private Task<int> WriteAsync(string sql, double age) =>
        _host.Get<Database>().WriteAsync(scope => scope.Connection.Execute(sql, new { at = Now.AddDays(-age).ToUnixTimeMilliseconds() }), default);

    private T Scalar<T>(string sql) => _host.Get<Database>().Read(connection =>
        (T)Convert.ChangeType(connection.ExecuteScalar(sql)!, typeof(T), CultureInfo.InvariantCulture));

    /// <summary>A clock on which every rest is over at once; time passes only when it is told to.</summary>
    private sealed class RestlessClock : TimeProvider
    {
        private DateTimeOffset _now = Now;
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _timestamp;

        public void Pass(TimeSpan by) => (_now, _timestamp) = (_now + by, _timestamp + by.Ticks);

        public void Jump(TimeSpan by) => _now += by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
