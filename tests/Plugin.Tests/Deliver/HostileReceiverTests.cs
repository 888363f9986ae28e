using System.Net;
using System.Net.Sockets;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Send;

namespace Plugin.Tests.Deliver;

/// <summary>
/// Receivers that do harm, below HTTP. Whatever one does: the attempt is classed and recorded, tried again by the schedule, no other hook notices, and
/// once the receiver is well it gets everything.
/// </summary>
public sealed class HostileReceiverTests : IAsyncLifetime
{
    private const string Well = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(5);

    private readonly PipelineFixture _f = new();
    private Receiver _sibling = null!;

    public static TheoryData<string> Names => [.. Hostility.All.Keys];

    public async Task InitializeAsync()
    {
        _sibling = await Receiver.StartAsync(_f.Clock);
        // Only this very address: no other form of it slips through.
        _f.Allowed = (_, _, address) => address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.Parse("127.0.0.2"));
    }

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _sibling.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_classed_tried_again_by_schedule_and_served_when_well(string name)
    {
        var ill = Hostility.All[name];
        var isIll = true;
        var provoked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = new RawReceiver(
            async (_, stream, stop) =>
            {
                provoked.TrySetResult();
                await (isIll ? ill.Does(stream, stop) : Hostility.SendAsync(stream, Well, stop));
            },
            readsRequest: !ill.IsTls);
        await using var cured = RawReceiver.Answering(Well);
        _f.Resolve = (_, _) => Task.FromResult(isIll && ill.Resolves is { } resolves ? resolves() : [IPAddress.Loopback]);
        var url = ill.IsTls ? $"https://127.0.0.1:{receiver.Port}/" : $"http://moving.example:{receiver.Port}/";
        // Where no attempt is to run out of time, none does while the clock is moved on.
        TimeSpan? timeout = ill.TakesForEver ? null : TimeSpan.FromDays(9);
        await _f.StartAsync(PipelineFixture.Hook(url, "ill") with { Timeout = timeout }, PipelineFixture.Hook(_sibling.Url, "sibling"));

        // Tried, classed and recorded; the sibling has its event all the same.
        var change = _f.Log.Append();
        await WaitForAsync("sibling", delivery => delivery.State == DeliveryState.Delivered);
        if (ill.TakesForEver)
        {
            await provoked.Task;
            _f.Clock.Advance(_f.Settings.Delivery.Timeout);
        }

        var failed = await WaitForAsync("ill", delivery => delivery.State == DeliveryState.Waiting);
        Assert.Equal(ill.Outcome.ToString(), failed.LastAttempt!.Outcome);
        Assert.Contains(ill.Says, failed.LastAttempt.Detail, StringComparison.Ordinal);
        Assert.Equal(failed.LastAttempt.StartedAt + failed.LastAttempt.Duration + (ill.Asks ?? s_firstWait), failed.NextAttemptAt);

        await _f.WhenQuietAsync();

        // Not tried early; well again, it gets what is owed, under the same id, and what comes.
        var requests = receiver.Requests.Count;
        _f.Clock.Advance(failed.NextAttemptAt!.Value - _f.Clock.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        Assert.Equal(requests, receiver.Requests.Count);
        isIll = false;
        if (ill.IsTls)
            await _f.ChangeHooksAsync(PipelineFixture.Hook(cured.Url, "ill"), PipelineFixture.Hook(_sibling.Url, "sibling"));
        _f.Clock.Advance(TimeSpan.FromMilliseconds(1) + ((ill.Asks ?? s_firstWait) * 0.2)); // A rest is stretched by up to a fifth.
        var delivered = await _f.WaitInTimeAsync(WaitForAsync("ill", delivery => delivery.State == DeliveryState.Delivered));
        var later = _f.Log.Append();
        await WaitForAsync("ill", delivery => delivery.State == DeliveryState.Delivered && delivery.ChangeSequence == later.Sequence);

        var story = _f.History.Find(delivered.Id)!;
        Assert.Equal([ill.Outcome.ToString(), "Succeeded"], story.Attempts.Select(attempt => attempt.Outcome));
        var taken = (ill.IsTls ? cured : receiver).Requests.TakeLast(2).ToList();
        Assert.Contains($"webhook-id: msg_{change.Id:N}_{delivered.SubscriptionId}\r\n", taken[0], StringComparison.Ordinal);
        Assert.EndsWith(System.Text.Encoding.Latin1.GetString(story.Body.Span), taken[0], StringComparison.Ordinal);
        Assert.Contains($"webhook-id: msg_{later.Id:N}_{delivered.SubscriptionId}\r\n", taken[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_gigabytes_are_not_taken()
    {
        var sent = 0L;
        await using (var receiver = new RawReceiver((_, stream, stop) => Hostility.SendTenGigabytesAsync(stream, "200 OK", stop, bytes => sent += bytes)))
        {
            await _f.StartAsync(PipelineFixture.Hook(receiver.Url));
            _f.Log.Append();
            var delivery = await WaitForAsync("hook", delivery => delivery.State == DeliveryState.Delivered);
            Assert.True(delivery.LastAttempt!.AnswerCut);
            Assert.InRange(delivery.LastAttempt.Answer.Length, 1, 64 * 1024);
        }
        // What lay in the buffers of the two sockets, and not ten gigabytes.
        Assert.InRange(sent, 1, 32 << 20);
    }

    [Fact]
    public async Task A_gzip_bomb_stays_shut()
    {
        var bomb = Hostility.GzipBomb();
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await Hostility.SendAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {bomb.Length}\r\n\r\n", stop);
            await stream.WriteAsync(bomb, stop);
        });
        await _f.StartAsync(PipelineFixture.Hook(receiver.Url));
        _f.Log.Append();
        var delivery = await WaitForAsync("hook", delivery => delivery.State == DeliveryState.Delivered);
        Assert.True(bomb.AsSpan().StartsWith(delivery.LastAttempt!.Answer.Span));
    }

    [Fact]
    public async Task Every_post_is_in_the_log_although_kept_connections_break_and_a_success_before_the_break_counts()
    {
        // Answers the first request of a connection and takes the second one without a word.
        var posts = 0;
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            Interlocked.Increment(ref posts);
            await Hostility.SendAsync(stream, Well, stop);
            if (await stream.ReadAsync(new byte[100_000], stop) > 0)
                Interlocked.Increment(ref posts);
            await Hostility.ResetAsync(stream);
        });
        await _f.StartAsync(PipelineFixture.Hook(receiver.Url));
        for (var i = 0; i < 6; i++)
        {
            var change = _f.Log.Append();
            await WaitForAsync("hook", delivery => delivery.ChangeSequence == change.Sequence && delivery.Attempts == 1);
        }

        var deliveries = _f.History.ReadDeliveries(new DeliveryFilter { Limit = 100 });
        Assert.Equal(["Succeeded", "Reset", "Succeeded", "Reset", "Succeeded", "Reset"], deliveries.Select(delivery => delivery.LastAttempt!.Outcome));
        Assert.Equal(6, posts);
    }

    [Fact]
    public async Task An_answer_too_many_is_not_taken_for_that_of_the_next_hook_on_the_connection()
    {
        await using var receiver = new RawReceiver(async (request, stream, stop) =>
        {
            if (request.StartsWith("POST /evil", StringComparison.Ordinal))
            {
                // The second answer is meant for whoever asks next on this connection.
                await Hostility.SendAsync(stream, Well + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", stop);
                await stream.ReadAtLeastAsync(new byte[100_000], 1, throwOnEndOfStream: false, stop);
                await Hostility.SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", stop);
            }
            else
            {
                await Hostility.SendAsync(stream, "HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nreal", stop);
            }
        });
        HookSettings[] hooks = [PipelineFixture.Hook(receiver.Url + "evil", "evil")];
        await _f.StartAsync(hooks);
        _f.Log.Append();
        await WaitForAsync("evil", delivery => delivery.State == DeliveryState.Delivered);
        // The connection is kept now, or closed for what it said too many. The other hook's receiver has the same address.
        await _f.ChangeHooksAsync([PipelineFixture.Hook(receiver.Url + "good", "good")]);
        _f.Log.Append();
        var good = await WaitForAsync("good", delivery => delivery.State is DeliveryState.Delivered or DeliveryState.Waiting);
        Assert.Equal("ServerError real", $"{good.LastAttempt!.Outcome} {System.Text.Encoding.ASCII.GetString(good.LastAttempt.Answer.Span)}");
    }

    // Told by the pipeline of each commit; nothing is asked again and again.
    private async Task<DeliveryEntry> WaitForAsync(string hook, Func<DeliveryEntry, bool> isSo)
    {
        var found = new TaskCompletionSource<DeliveryEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
        _f.Stored += Look;
        Look([]);
        try
        {
            return await found.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(string.Join("\n", _f.History.ReadDeliveries(new DeliveryFilter { Limit = 100 })));
        }
        finally
        {
            _f.Stored -= Look;
        }

        void Look(IReadOnlyList<Settlement> settlements)
        {
            if (_f.History.ReadDeliveries(new DeliveryFilter { Limit = 100 }).FirstOrDefault(delivery => delivery.SubscriptionKey == hook && isSo(delivery)) is { } delivery)
                found.TrySetResult(delivery);
        }
    }
}
