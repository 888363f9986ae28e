using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Send;

/// <summary>How long the phases of an attempt took, against real receivers.</summary>
public sealed class AttemptTimesTests : IDisposable
{
    private const string Host = "receiver.test";

    // Long beside what a busy machine adds, which the bounds below leave room for.
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(500);

    private readonly TestAuthority _authority = new();
    private Func<Task<IPAddress[]>> _resolve = () => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
    private readonly GuardedSender _sender;

    public AttemptTimesTests() => _sender = new GuardedSender((_, _, address) => IPAddress.IsLoopback(address), TimeProvider.System, (_, _) => _resolve());

    public void Dispose()
    {
        _sender.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task A_first_attempt_has_every_phase_and_a_second_one_uses_its_connection_again()
    {
        await using var receiver = await Receiver.StartAsync(TimeProvider.System);
        receiver.Answer = async (_, context) =>
        {
            await Task.Delay(s_wait, TimeProvider.System);
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await Task.Delay(s_wait, TimeProvider.System);
            await context.Response.WriteAsync("second");
        };
        _resolve = async () =>
        {
            await Task.Delay(s_wait, TimeProvider.System);
            return [IPAddress.Loopback];
        };
        var url = $"http://{Host}:{new Uri(receiver.Url).Port}/";
        var first = await PostAsync(url);
        var second = await PostAsync(url);

        Assert.True(first.Succeeded && second.Succeeded);
        Assert.InRange(first.Times.Dns!.Value.TotalMilliseconds, 45, 5000);
        Assert.InRange(first.Times.Connect!.Value.TotalMilliseconds, 0.001, 5000);
        Assert.Null(first.Times.Tls);
        Assert.InRange(first.Times.FirstByte!.Value.TotalMilliseconds, 55, 5000);
        Assert.InRange(first.Times.Body!.Value.TotalMilliseconds, 30, 5000);
        Assert.InRange(Sum(first.Times), first.Duration * 0.8, first.Duration);

        Assert.Null(second.Times.Dns);
        Assert.Null(second.Times.Connect);
        Assert.InRange(second.Times.FirstByte!.Value.TotalMilliseconds, 55, 5000);
        Assert.NotNull(second.Times.Body);
        Assert.InRange(Sum(second.Times), second.Duration * 0.8, second.Duration);
    }

    [Fact]
    public async Task The_handshake_is_counted_apart_and_an_address_needs_no_look_up()
    {
        await using var receiver = await TlsReceiver.StartAsync(_authority.Issue("127.0.0.1"));
        receiver.Answer = () => Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System);
        var via = new Via { Roots = new TrustedRoots("", [_authority.Certificate]) };
        var result = await PostAsync($"https://127.0.0.1:{receiver.Port}/", via);
        Assert.True(result.Succeeded, result.Detail);
        Assert.Null(result.Times.Dns);
        Assert.NotNull(result.Times.Connect);
        Assert.InRange(result.Times.Tls!.Value.TotalMilliseconds, 0.1, 5000);
        Assert.InRange(result.Times.FirstByte!.Value.TotalMilliseconds, 55, 5000);
        Assert.True(Sum(result.Times) <= result.Duration);
    }

    [Fact]
    public async Task What_ended_in_a_phase_has_none_after_it()
    {
        _resolve = async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound);
        };
        var unknown = await PostAsync($"http://{Host}/");
        Assert.Equal(AttemptOutcome.DnsFailed, unknown.Outcome);
        Assert.InRange(unknown.Times.Dns!.Value.TotalMilliseconds, 25, 5000);
        Assert.Equal(default, unknown.Times with { Dns = null });

        await using var untrusted = await TlsReceiver.StartAsync(_authority.Issue("127.0.0.1"));
        var refused = await PostAsync($"https://127.0.0.1:{untrusted.Port}/");
        Assert.Equal(AttemptOutcome.TlsFailed, refused.Outcome);
        Assert.NotNull(refused.Times.Tls);
        Assert.Equal((null, null), (refused.Times.FirstByte, refused.Times.Body));

        int dead;
        await using (var gone = RawReceiver.Answering(""))
            dead = gone.Port;
        var unreachable = await PostAsync($"http://127.0.0.1:{dead}/");
        Assert.Equal(AttemptOutcome.ConnectFailed, unreachable.Outcome);
        Assert.NotNull(unreachable.Times.Connect);
        Assert.Equal((null, null), (unreachable.Times.FirstByte, unreachable.Times.Body));
    }

    [Fact]
    public async Task A_time_out_in_the_body_counts_the_body_up_to_its_end_and_keeps_the_answers_lines()
    {
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nX-Of: receiver\r\nSet-Cookie: session=planted\r\nContent-Length: 100\r\n\r\nbegun"), stop);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });
        var result = await PostAsync(receiver.Url, timeout: TimeSpan.FromSeconds(2));
        Assert.Equal(AttemptOutcome.TimedOut, result.Outcome);
        Assert.InRange(result.Times.Body!.Value.TotalMilliseconds, 100, 5000);
        Assert.NotNull(result.Times.FirstByte);
        Assert.Equal("X-Of: receiver\nSet-Cookie: ***\nContent-Length: 100", result.AnswerHead);
    }

    [Fact]
    public async Task Of_many_header_lines_the_first_are_kept_and_that_there_were_more()
    {
        await using var receiver = RawReceiver.Answering(
            "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"X-{i}: {new string('x', 50)}\r\n")) + "Content-Length: 0\r\n\r\n");
        var result = await PostAsync(receiver.Url);
        Assert.True(result.AnswerHead!.Length <= AnswerHead.MostCharacters + 1);
        Assert.StartsWith("X-0: ", result.AnswerHead, StringComparison.Ordinal);
        Assert.EndsWith("\n…", result.AnswerHead, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempts_at_the_same_time_each_count_their_own_waiting()
    {
        await using var receiver = await Receiver.StartAsync(TimeProvider.System);
        receiver.Answer = (_, _) => Task.Delay(s_wait, TimeProvider.System);
        var url = $"http://{Host}:{new Uri(receiver.Url).Port}/";
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => PostAsync(url)));
        Assert.All(results, result =>
        {
            Assert.True(result.Succeeded);
            Assert.True(Sum(result.Times) <= result.Duration);
            Assert.InRange(result.Times.FirstByte!.Value.TotalMilliseconds, 15, 5000);
        });
    }

    private Task<AttemptResult> PostAsync(string url, Via? via = null, TimeSpan? timeout = null) => _sender.PostAsync(
        new OutgoingPost { Url = url, ContentType = "text/plain", Body = "{}"u8.ToArray(), Timeout = timeout ?? TimeSpan.FromSeconds(20), Via = via }, default);

    private static TimeSpan Sum(PhaseTimes times) =>
        (times.Dns ?? default) + (times.Connect ?? default) + (times.Tls ?? default) + (times.FirstByte ?? default) + (times.Body ?? default);
}
