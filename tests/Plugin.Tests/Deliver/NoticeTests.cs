using System.Text.Json;
using Dam.Hosting;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Deliver;

/// <summary>A hook that is disabled is told of to the hooks that asked for it, once, whatever happens in between.</summary>
public sealed class NoticeTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _broken = null!;
    private Receiver _operator = null!;

    public async Task InitializeAsync()
    {
        _broken = await Receiver.StartAsync(_f.Clock);
        _broken.AnswerWith(410);
        _operator = await Receiver.StartAsync(_f.Clock);
    }

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _broken.DisposeAsync();
        await _operator.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_asked_by_name_is_told_and_neither_those_who_want_all_changes_nor_the_disabled_hook_itself()
    {
        await using var all = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(
            PipelineFixture.Hook(_broken.Url, "broken", new StandardRules(new HashSet<ChangeKind>(Enum.GetValues<ChangeKind>()), Disabled)) with { Label = "Broken “one”" },
            Listener(),
            PipelineFixture.Hook(all.Url, "all"));
        var stored = _f.WhenStored(3);
        _f.Log.Append();
        await stored;

        var received = Assert.Single(_operator.All);
        using var json = JsonDocument.Parse(received.Body);
        var root = json.RootElement;
        Assert.Equal("webhooks.subscription.disabled", root.GetProperty("type").GetString());
        Assert.Equal("2026-03-01T12:00:00.000Z", root.GetProperty("timestamp").GetString());
        var data = root.GetProperty("data");
        Assert.Equal((1, "broken", "Broken “one”"), (
            data.GetProperty("subscription").GetProperty("id").GetInt64(),
            data.GetProperty("subscription").GetProperty("key").GetString(),
            data.GetProperty("subscription").GetProperty("label").GetString()));
        Assert.Equal("The receiver answered 410 Gone: it wants no more messages.", data.GetProperty("reason").GetString());
        Assert.Equal("http://dam.example/plugins/ApiWebhooks/", data.GetProperty("link").GetString());
        Assert.False(data.TryGetProperty("failing_since", out _));
        Assert.StartsWith("v1,", received.Headers["webhook-signature"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('.', received.Id);
        Assert.Single(all.All);
        Assert.Single(_broken.All);
        Assert.Equal("-1 2", _f.Query<string>("SELECT change_sequence || ' ' || subscription_id FROM delivery WHERE id < 0"));
    }

    [Fact]
    public async Task Days_of_failing_are_told_with_their_beginning()
    {
        _broken.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_broken.Url, "broken") with { Schedule = [TimeSpan.Zero, TimeSpan.FromDays(6)] }, Listener());
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        stored = _f.WhenStored(2);
        _f.Clock.Advance(TimeSpan.FromDays(6));
        await stored;
        using var json = JsonDocument.Parse(Assert.Single(_operator.All).Body);
        Assert.Equal("2026-03-01T12:00:00.000Z", json.RootElement.GetProperty("data").GetProperty("failing_since").GetString());
        Assert.Equal("2026-03-07T12:00:00.000Z", json.RootElement.GetProperty("timestamp").GetString());
    }

    [Fact]
    public async Task A_crash_after_the_disabling_neither_loses_nor_repeats_it()
    {
        using var arrived = new SemaphoreSlim(0);
        _operator.Answer = async (_, context) =>
        {
            arrived.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        HookSettings[] hooks = [PipelineFixture.Hook(_broken.Url, "broken"), Listener()];
        await _f.StartAsync(hooks);
        _f.Log.Append();
        Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(30)));
        await _f.Database.DisposeAsync(); // from here on nothing is stored any more
        await _f.Pipeline.DisposeAsync();

        _operator.AnswerWith(204);
        await _f.StartAsync(hooks);
        await UntilAsync(() => _f.Query<string>("SELECT state FROM delivery WHERE id < 0") == "delivered");
        await _f.StopAsync();
        Assert.Equal(2, _operator.All.Count);
        Assert.Single(_operator.All.Select(each => each.Id).Distinct());
        await _f.StartAsync(hooks);
        Assert.Equal(1, _f.Query<int>("SELECT count(*) FROM message WHERE kind = 'webhooks.subscription.disabled'"));
        Assert.Equal("disabled delivered", _f.Query<string>("SELECT s.state || ' ' || d.state FROM subscription s, delivery d WHERE s.key = 'broken' AND d.id < 0"));
    }

    [Fact]
    public async Task What_cannot_be_stored_whole_is_not_stored_at_all_and_found_again()
    {
        using var log = new TestLog();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(log));
        _f.Loggers = loggers;
        await _f.StartAsync(PipelineFixture.Hook(_broken.Url, "broken"), Listener());
        await _f.Database.WriteAsync(c =>
        {
            c.Run(TestDatabase.IsOnPostgres
                ? "ALTER TABLE delivery ADD CONSTRAINT no_more CHECK (id >= 0) NOT VALID"
                : "CREATE TRIGGER no_more BEFORE INSERT ON delivery WHEN new.id < 0 BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
            return true;
        });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        await UntilAsync(() => log.Entries.Any(entry => entry.Message.Contains("the next failure finds it again", StringComparison.Ordinal)));
        Assert.Equal("active 0", _f.Query<string>("SELECT state || ' ' || (SELECT count(*) FROM message WHERE change_sequence < 0) FROM subscription WHERE key = 'broken'"));
        await _f.Database.WriteAsync(c =>
        {
            c.Run(TestDatabase.IsOnPostgres ? "ALTER TABLE delivery DROP CONSTRAINT no_more" : "DROP TRIGGER no_more");
            return true;
        });
        stored = _f.WhenStored(2);
        _f.Log.Append();
        await stored;
        await _operator.WaitAsync();
        Assert.Single(_operator.All);
    }

    [Theory]
    [InlineData("record")]
    [InlineData("strict")]
    public async Task A_notice_stands_in_no_order_and_waits_for_no_change_also_when_it_is_tried_again(string order)
    {
        _operator.Answer = (received, context) =>
        {
            var isNotice = received.Body.AsSpan().IndexOf("webhooks.subscription"u8) >= 0;
            context.Response.StatusCode = isNotice && _operator.All.Count(each => each.Id == received.Id) > 1 ? 200 : 500;
            return Task.CompletedTask;
        };
        await _f.StartAsync(
            PipelineFixture.Hook(_broken.Url, "broken", new StandardRules(new HashSet<ChangeKind>())),
            PipelineFixture.Hook(_operator.Url, "operator", new StandardRules(new HashSet<ChangeKind>(Enum.GetValues<ChangeKind>()), Disabled)) with
            {
                Order = OrderNames.Order(order),
                Schedule = [TimeSpan.Zero, .. Enumerable.Repeat(TimeSpan.FromSeconds(5), 50)],
            });
        var stored = _f.WhenStored(1);
        _f.Log.Append(); // of record 1, which fails and holds its stream
        await stored;
        stored = _f.WhenStored(1);
        Assert.True(await _f.Pipeline.Subscriptions!.DisableAsync(1, "It fails.", default));
        await stored; // at once, although the change waits
        stored = _f.WhenStored(2);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;
        Assert.Equal("delivered,waiting", _f.Query<string>("SELECT string_agg(state, ',' ORDER BY id) FROM delivery"));
        Assert.Equal(0, _f.Query<int>("SELECT count(*) FROM delivery WHERE id < 0 AND stream IS NOT NULL"));

        // What was held is put into the streams of its order again; a notice is not.
        Assert.True(await _f.Pipeline.Subscriptions.PauseAsync(2, "Paused.", default));
        Assert.True(await _f.Pipeline.Subscriptions.ResumeAsync(1, default));
        Assert.True(await _f.Pipeline.Subscriptions.DisableAsync(1, "Again.", default));
        stored = _f.WhenStored(2);
        Assert.True(await _f.Pipeline.Subscriptions.ResumeAsync(2, default));
        await stored;
        Assert.Equal(2, _f.Query<int>("SELECT count(*) FROM delivery WHERE id < 0 AND attempts = CASE state WHEN 'delivered' THEN 2 ELSE 1 END AND stream IS NULL"));
    }

    [Fact]
    public async Task A_listener_that_is_paused_is_told_when_it_is_resumed()
    {
        await _f.StartAsync(PipelineFixture.Hook(_broken.Url, "broken"), Listener());
        Assert.True(await _f.Pipeline.Subscriptions!.PauseAsync(2, "Paused by admin.", default));
        Assert.True(await _f.Pipeline.Subscriptions.DisableAsync(1, "It fails.", default));
        Assert.Equal("held", _f.Query<string>("SELECT state FROM delivery"));
        var stored = _f.WhenStored(1);
        Assert.True(await _f.Pipeline.Subscriptions.ResumeAsync(2, default));
        await stored;
        Assert.Single(_operator.All);

        // Once for each time: resumed and disabled again it is told again; disabled twice it is not.
        Assert.True(await _f.Pipeline.Subscriptions.ResumeAsync(1, default));
        stored = _f.WhenStored(1);
        Assert.True(await _f.Pipeline.Subscriptions.DisableAsync(1, "It fails.", default));
        Assert.True(await _f.Pipeline.Subscriptions.DisableAsync(1, "It fails.", default));
        await stored;
        Assert.Equal(2, _operator.All.Select(each => each.Id).Distinct().Count());
        Assert.Equal(2, _f.Query<int>("SELECT count(*) FROM message WHERE change_sequence < 0"));
    }

    private static HashSet<string> Disabled => ["webhooks.subscription.disabled"];

    private HookSettings Listener() => PipelineFixture.Hook(_operator.Url, "operator", new StandardRules(new HashSet<ChangeKind>(), Disabled));

    // A failure to store has no signal but the log, and the settling of one delivery among others none at all.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }
}
