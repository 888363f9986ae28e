using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class GuardedSenderTests : IDisposable
{
    private readonly GuardedSender _sender = new((_, _, address) => IPAddress.IsLoopback(address), TimeProvider.System);

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task Legacy_form_is_byte_for_byte_the_recorded_request()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        var result = await _sender.PostAsync(
            Post(receiver.Url + "s204?resource_id=13", "13") with { Form = PostForm.Legacy, ContentType = "application/x-www-form-urlencoded" }, default);

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Equal("ok", Encoding.UTF8.GetString(result.Answer.Span));
        Assert.Equal(
            $"POST /s204?resource_id=13 HTTP/1.1\r\nHost: 127.0.0.1:{receiver.Port}\r\nConnection: close\r\n"
            + "Content-type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n13",
            Assert.Single(receiver.Requests));
    }

    [Fact]
    public async Task Legacy_form_carries_further_headers_and_user_info_before_the_content_type()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 204 No Content\r\n\r\n");
        var post = Post($"http://us%65r:pw@127.0.0.1:{receiver.Port}/a", "Content-Type: x") with
        {
            Form = PostForm.Legacy,
            Headers = [new("webhook-id", "msg_1"), new("X-Token", "t")],
        };
        Assert.True((await _sender.PostAsync(post, default)).Succeeded);
        Assert.Equal(
            $"POST /a HTTP/1.1\r\nHost: 127.0.0.1:{receiver.Port}\r\nConnection: close\r\nAuthorization: Basic dXNlcjpwdw==\r\n"
            + "webhook-id: msg_1\r\nX-Token: t\r\nContent-type: application/json\r\nContent-Length: 15\r\n\r\nContent-Type: x",
            Assert.Single(receiver.Requests));
    }

    [Fact]
    public async Task Legacy_form_takes_a_new_connection_also_when_the_target_keeps_the_old_one_open()
    {
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
            // Until the other side closes; a second request on this line would be read, and not answered.
            while (await stream.ReadAsync(new byte[1024], stop) > 0)
            {
            }
        });
        for (var i = 0; i < 2; i++)
            Assert.True((await _sender.PostAsync(Post(receiver.Url, "13") with { Form = PostForm.Legacy, Timeout = TimeSpan.FromSeconds(20) }, default)).Succeeded);
        Assert.Equal(2, receiver.Requests.Count);
        Assert.All(receiver.Requests, request => Assert.Contains("\r\nContent-type: ", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Usual_form_sends_the_given_bytes_and_nothing_that_was_not_asked_for()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await _sender.PostAsync(Post(receiver.Url, "{\"é\":1}") with { Headers = [new("webhook-id", "msg_1")] }, default);
        Assert.Equal(
            $"POST / HTTP/1.1\r\nHost: 127.0.0.1:{receiver.Port}\r\nwebhook-id: msg_1\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{{\"Ã©\":1}}",
            Assert.Single(receiver.Requests));
    }

    [Theory]
    [InlineData("200 OK", nameof(AttemptOutcome.Succeeded))]
    [InlineData("204 No Content", nameof(AttemptOutcome.Succeeded))]
    [InlineData("299 Fine", nameof(AttemptOutcome.Succeeded))]
    [InlineData("301 Moved Permanently", nameof(AttemptOutcome.Redirected))]
    [InlineData("302 Found", nameof(AttemptOutcome.Redirected))]
    [InlineData("307 Temporary Redirect", nameof(AttemptOutcome.Redirected))]
    [InlineData("400 Bad Request", nameof(AttemptOutcome.ClientError))]
    [InlineData("410 Gone", nameof(AttemptOutcome.Gone))]
    [InlineData("429 Too Many Requests", nameof(AttemptOutcome.Throttled))]
    [InlineData("500 Oh", nameof(AttemptOutcome.ServerError))]
    [InlineData("501 Oh", nameof(AttemptOutcome.ServerError))]
    [InlineData("502 Bad Gateway", nameof(AttemptOutcome.Throttled))]
    [InlineData("503 Service Unavailable", nameof(AttemptOutcome.Throttled))]
    [InlineData("504 Gateway Timeout", nameof(AttemptOutcome.Throttled))]
    public async Task Status_decides_and_only_2xx_is_success(string status, string expected)
    {
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
        {
            await using var target = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await using var receiver = RawReceiver.Answering($"HTTP/1.1 {status}\r\nLocation: {target.Url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            var result = await _sender.PostAsync(Post(receiver.Url) with { Form = form }, default);
            Assert.Equal(expected, result.Outcome.ToString());
            Assert.Equal(int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture), result.StatusCode);
            Assert.Equal(status[4..], result.ReasonPhrase);
            Assert.Equal(expected == nameof(AttemptOutcome.Redirected) ? target.Url : null, result.Location);
            Assert.Empty(target.Requests);
        }
    }

    [Fact]
    public async Task Receiver_that_never_answers_costs_the_deadline_and_no_more()
    {
        await using var receiver = new RawReceiver((_, _, stop) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
        {
            var result = await _sender.PostAsync(Post(receiver.Url) with { Timeout = TimeSpan.FromSeconds(2), Form = form }, default);
            Assert.Equal(AttemptOutcome.TimedOut, result.Outcome);
            Assert.Contains("while waiting for the answer", result.Detail, StringComparison.Ordinal);
            Assert.InRange(result.Duration.TotalMilliseconds, 1995, 10_000);
        }
    }

    [Fact]
    public async Task Deadline_covers_a_body_that_drips_and_the_status_is_kept()
    {
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync("."u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, stop);
            }
        });
        var result = await _sender.PostAsync(Post(receiver.Url) with { Timeout = TimeSpan.FromSeconds(2) }, default);
        Assert.Equal(AttemptOutcome.TimedOut, result.Outcome);
        Assert.Equal(200, result.StatusCode);
        Assert.Contains("while reading the answer's body", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_is_read_up_to_the_cap_although_it_never_ends()
    {
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"u8.ToArray(), stop);
            var chunk = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (true)
                await stream.WriteAsync(chunk, stop);
        });
        var result = await _sender.PostAsync(Post(receiver.Url) with { AnswerCap = 5000 }, default);
        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Equal(5000, result.Answer.Length);
        Assert.True(result.AnswerTruncated);
    }

    [Fact]
    public async Task Body_of_exactly_the_cap_is_not_truncated()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        var result = await _sender.PostAsync(Post(receiver.Url) with { AnswerCap = 5 }, default);
        Assert.Equal("hello", Encoding.UTF8.GetString(result.Answer.Span));
        Assert.False(result.AnswerTruncated);
    }

    [Theory]
    [InlineData("", nameof(AttemptOutcome.Reset))]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive", nameof(AttemptOutcome.Reset))]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", nameof(AttemptOutcome.Reset))]
    public async Task Answer_cut_off_or_no_http_is_a_reset(string answer, string expected)
    {
        await using var receiver = RawReceiver.Answering(answer);
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
            Assert.Equal(expected, (await _sender.PostAsync(Post(receiver.Url) with { Form = form }, default)).Outcome.ToString());
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_not_read()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000) + "\r\n\r\n");
        Assert.Equal(AttemptOutcome.AnswerTooLarge, (await _sender.PostAsync(Post(receiver.Url), default)).Outcome);
    }

    [Fact]
    public async Task Refused_connection_and_unknown_name_are_told_apart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
        {
            var refused = await _sender.PostAsync(Post($"http://127.0.0.1:{port}/") with { Form = form }, default);
            Assert.Equal(AttemptOutcome.ConnectFailed, refused.Outcome);
            Assert.Contains("ConnectionRefused", refused.Detail, StringComparison.Ordinal);
            Assert.Equal(AttemptOutcome.DnsFailed, (await _sender.PostAsync(Post("http://no-such-host.invalid/") with { Form = form }, default)).Outcome);
        }
    }

    [Fact]
    public async Task Plain_http_behind_https_is_a_tls_failure()
    {
        await using var receiver = new RawReceiver(
            (_, stream, stop) => stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), stop).AsTask(), readsRequest: false);
        var result = await _sender.PostAsync(Post($"https://127.0.0.1:{receiver.Port}/"), default);
        Assert.Equal(AttemptOutcome.TlsFailed, result.Outcome);
    }

    [Fact]
    public async Task Certificate_nobody_trusts_is_refused()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await using var receiver = new RawReceiver(
            async (_, stream, stop) =>
            {
                await using var tls = new SslStream(stream);
                try
                {
                    await tls.AuthenticateAsServerAsync(certificate);
                    await tls.ReadExactlyAsync(new byte[1], stop);
                }
                catch (AuthenticationException)
                {
                    // The sender refused the certificate.
                }
            },
            readsRequest: false);
        foreach (var form in new[] { PostForm.Usual, PostForm.Legacy })
        {
            var result = await _sender.PostAsync(Post($"https://127.0.0.1:{receiver.Port}/") with { Form = form }, default);
            Assert.Equal(AttemptOutcome.TlsFailed, result.Outcome);
            Assert.Contains("UntrustedRoot", result.Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("http:///x")]
    [InlineData("nonsense")]
    public async Task Other_schemes_and_fragments_of_addresses_are_bad_urls(string url) =>
        Assert.Equal(AttemptOutcome.BadUrl, (await _sender.PostAsync(Post(url), default)).Outcome);

    [Fact]
    public async Task Cancelling_from_this_side_is_an_interruption()
    {
        using var stop = new CancellationTokenSource();
        await using var receiver = new RawReceiver(async (_, _, end) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end);
        });
        Assert.Equal(AttemptOutcome.Interrupted, (await _sender.PostAsync(Post(receiver.Url), stop.Token)).Outcome);
    }

    [Fact]
    public async Task Retry_after_is_reported_on_any_failure()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 500 Oh\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n");
        var result = await _sender.PostAsync(Post(receiver.Url), default);
        Assert.InRange((result.RetryAt!.Value - result.StartedAt).TotalSeconds, 120, 125);
    }

    private static OutgoingPost Post(string url, string body = "{}") => new()
    {
        Url = url,
        ContentType = "application/json",
        Body = Encoding.UTF8.GetBytes(body),
        Timeout = TimeSpan.FromSeconds(10),
    };
}
