using System.Diagnostics;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Buttons;
using Plugin.Tests.Send;

namespace Plugin.Tests.Track;

public sealed class PressTelemetryTests
{
    [Fact]
    public async Task Presses_are_counted_by_button_and_outcome()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var f = await PressFixture.StartAsync(receiver.Url + "press?id=");
        using var measured = new Measurements(f.Plugin.Get<Telemetry>());
        await f.PressAsync();
        Assert.Equal(["fetch,succeeded=1"], measured.Of("webhooks.button.presses"));
        Assert.Single(measured.Of("webhooks.button.press.duration"));
    }

    [Fact]
    public async Task A_press_belongs_to_the_trace_of_the_request_that_pressed()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var f = await PressFixture.StartAsync(receiver.Url + "press?id=");
        using var spans = new Spans(f.Plugin.Get<Telemetry>());
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await f.PressAsync();
        var span = Assert.Single(spans.Of("POST"));
        Assert.Equal((request.SpanId, "fetch"), (span.ParentSpanId, span.GetTagItem("webhooks.button.key")));
        Assert.Contains($"traceparent: {span.Id}", receiver.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Outcomes_have_names_for_machines() =>
        Assert.Equal(["succeeded", "timed_out", "answer_too_large"], new[] { AttemptOutcome.Succeeded, AttemptOutcome.TimedOut, AttemptOutcome.AnswerTooLarge }.Select(OutcomeNames.Of));
}
