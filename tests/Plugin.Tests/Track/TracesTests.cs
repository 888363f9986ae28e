using System.Diagnostics;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Track;

[Collection("Listening")]
public sealed class TracesTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Every_attempt_has_a_span_of_its_own_that_the_receiver_is_told_of()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url + "/in?token=s3cret", "index"));
        using var spans = new Spans(_f.Telemetry);
        _receiver.AnswerWith(500);
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        _receiver.AnswerWith(204);
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await stored;

        var (failed, sent) = (spans.Of("POST")[0], spans.Of("POST")[1]);
        Assert.Equal([failed.Id, sent.Id], _receiver.All.Select(received => received.Headers["traceparent"].ToString()));
        Assert.Equal(ActivityKind.Client, failed.Kind);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["http.request.method"] = "POST",
                ["url.full"] = _receiver.Url + "/in?token=***",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = new Uri(_receiver.Url).Port,
                ["http.request.body.size"] = _receiver.All[0].Body.Length,
                ["webhooks.hook.key"] = "index",
                ["webhooks.message.id"] = _receiver.All[0].Id,
                ["webhooks.delivery.id"] = _f.Query<long>("SELECT id FROM delivery"),
                ["webhooks.change.kind"] = "record.inserted",
                ["webhooks.change.sequence"] = 1L,
                ["http.response.status_code"] = 500,
                ["webhooks.outcome"] = "server_error",
                ["error.type"] = "500",
            },
            failed.TagObjects.ToDictionary());
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
        Assert.Equal(1, sent.GetTagItem("http.request.resend_count"));
        Assert.Equal((ActivityStatusCode.Unset, null), (sent.Status, sent.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Attempts_join_the_trace_of_the_save_also_when_they_are_repeated_after_a_restart()
    {
        var hook = PipelineFixture.Hook(_receiver.Url);
        await _f.StartAsync(hook);
        _receiver.AnswerWith(500);
        using (var before = new Spans(_f.Telemetry))
        {
            var stored = _f.WhenStored(1);
            _f.Log.Append(change => change with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
            await stored;
            var first = Assert.Single(before.Of("POST"));
            Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (first.TraceId.ToString(), first.ParentSpanId.ToString()));
        }

        await _f.StopAsync();
        await _f.StartAsync(hook);
        using var after = new Spans(_f.Telemetry);
        var again = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(5));
        await again;
        var second = Assert.Single(after.Of("POST"));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (second.TraceId.ToString(), second.ParentSpanId.ToString()));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", _receiver.All[1].Headers["traceparent"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_the_change_log_has_a_span_when_something_is_stored()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url, "a"), PipelineFixture.Hook(_receiver.Url, "b"));
        using var spans = new Spans(_f.Telemetry);
        var stored = _f.WhenStored(2);
        _f.Log.Append();
        await stored;
        await _f.WhenQuietAsync();
        // Where there are other nodes, the first batch after a start is matched twice: subscriptions may have been changed there.
        var detects = spans.Of("detect").ToList();
        Assert.InRange(detects.Count, 1, TestDatabase.IsOnPostgres ? 2 : 1);
        var span = detects[^1];
        Assert.Equal((1, 2, 0L, 1L), (
            span.GetTagItem("webhooks.change.count"), span.GetTagItem("webhooks.delivery.count"),
            span.GetTagItem("webhooks.position.from"), span.GetTagItem("webhooks.position.to")));
    }

    [Fact]
    public async Task While_nobody_listens_the_receiver_is_told_of_no_span()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        using var ambient = new Activity("ambient").SetIdFormat(ActivityIdFormat.W3C).Start();
        _f.Log.Append();
        await _receiver.WaitAsync();
        Assert.DoesNotContain("traceparent", _receiver.All[0].Headers.Keys);
    }
}
