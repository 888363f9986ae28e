using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Deliver;
using Plugin.Tests.Replay;

namespace Plugin.Tests.Detect;

/// <summary>A change of which no message can be made is neither lost nor in the way of others.</summary>
public sealed class RefusalTests : ReplayFixture
{
    private readonly Rules _rules = new();

    [Fact]
    public async Task A_message_that_is_too_large_is_sent_thin_with_a_link()
    {
        SetMost(2);
        await F.StartAsync(Hook());
        var stored = F.WhenStored(2);
        F.Log.Append();
        F.Log.Append(change => change with { ChangedFields = [new ChangedField("text", [], [new string('x', 5000)])] });
        await stored;
        var data = Receiver.All.Select(each => JsonDocument.Parse(each.Body).RootElement.GetProperty("data").Clone())
            .ToDictionary(each => each.GetProperty("sequence").GetInt64());
        Assert.False(data[1].TryGetProperty("thin", out _));
        Assert.True(data[2].GetProperty("thin").GetBoolean());
        Assert.Equal("http://dam.example/records/2", data[2].GetProperty("link").GetString());
        Assert.False(data[2].TryGetProperty("changed_fields", out _));
        Assert.Empty(F.Pipeline.GetFaults());
    }

    [Fact]
    public async Task A_dialect_without_a_short_form_has_it_refused_with_the_reason_shown_and_replayed_when_the_limit_is_raised()
    {
        SetMost(1);
        _rules.Body = new string('x', 3000);
        await F.StartAsync(Hook() with { Rules = _rules }, Hook(key: "other"));
        var stored = F.WhenStored(1);
        Append(1);
        await stored;
        await F.WhenQuietAsync();
        Assert.Single(Arrived("other"));
        Assert.DoesNotContain(Receiver.All, each => each.Path == "/hook");
        var entry = Assert.Single(new DeliveryHistory(F.Database).ReadDeliveries(new DeliveryFilter { Limit = 10, SubscriptionId = 1 }));
        Assert.Equal((DeliveryState.Exhausted, Refusal.TooLarge, 0), (entry.State, entry.Refusal?.Reason, entry.Attempts));
        Assert.Contains("3 KB", entry.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Contains("Of 1 changes", Assert.Single(F.Pipeline.GetFaults()).Message, StringComparison.Ordinal);
        Assert.IsType<ActionResult.NoMessage>(await F.Pipeline.ResendAsync(entry.Id));

        Assert.Equal(new ReplayCounts(1, 0, 0, 1), (await RunAsync(ReplayWhich.Failed, 0)).Job.Counts);
        Assert.Single(F.Pipeline.GetFaults());
        SetMost(4);
        Assert.Equal(new ReplayCounts(1, 1, 0, 0), (await RunAsync(ReplayWhich.Failed, 1)).Job.Counts);
        var arrived = Assert.Single(Receiver.All, each => each.Path == "/hook");
        Assert.Equal(entry.MessageId, arrived.Id);
        Assert.Equal(_rules.Body, Encoding.UTF8.GetString(arrived.Body));
        Assert.Empty(F.Pipeline.GetFaults());
        Assert.Equal(0, F.Query<int>("SELECT count(*) FROM refusal"));
        Assert.Equal(2, F.Query<int>("SELECT count(*) FROM message"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dialect_that_breaks_loses_no_change_and_keeps_no_other_hook_waiting(bool breaksOnDeciding)
    {
        (_rules.BreaksOnWants, _rules.BreaksOnRender) = (breaksOnDeciding, true);
        await F.StartAsync(Hook() with { Rules = _rules }, Hook(key: "other"));
        await DeliverAsync(3);
        await F.WhenQuietAsync();
        Assert.Equal(3, Arrived("other").Count);
        Assert.Equal(3, F.Query<int>("SELECT count(*) FROM refusal WHERE reason = 'NotRendered'"));
        await F.StopAsync();
        await F.StartAsync(Hook() with { Rules = _rules });
        Assert.Contains("Of 3 changes", Assert.Single(F.Pipeline.GetFaults()).Message, StringComparison.Ordinal);
        (_rules.BreaksOnWants, _rules.BreaksOnRender) = (false, false);
        Assert.Equal(3, (await RunAsync(ReplayWhich.NeverDelivered, 3)).Job.Counts.Owed);
        Assert.Equal(3, Receiver.All.Count(each => each.Path == "/hook"));
        Assert.Empty(F.Pipeline.GetFaults());
    }

    [Fact]
    public async Task What_a_replay_cannot_render_is_refused_and_what_the_log_forgot_is_counted()
    {
        Append(3);
        _rules.BreaksOnRender = true;
        await F.StartAsync(Hook() with { Rules = _rules });
        Assert.Equal(new ReplayCounts(3, 0, 0, 3), (await RunAsync(ReplayWhich.All, 0)).Job.Counts);
        Assert.Equal("exhausted 3", States());
        Assert.Contains("Of 3 changes", Assert.Single(F.Pipeline.GetFaults()).Message, StringComparison.Ordinal);
        F.Log.Forget(2);
        _rules.BreaksOnRender = false;
        Assert.Equal(new ReplayCounts(3, 1, 0, 2), (await RunAsync(ReplayWhich.Failed, 1)).Job.Counts);
    }

    private void SetMost(int kilobytes) => F.Settings = F.Settings with { Delivery = F.Settings.Delivery with { MostMessageBytes = kilobytes * 1024 } };

    private sealed class Rules : DialectRules
    {
        public string Body { get; set; } = "text";

        public bool BreaksOnWants { get; set; }

        public bool BreaksOnRender { get; set; }

        public override string RenderingKey => "test";

        public override bool Wants(Change change) => BreaksOnWants ? throw new InvalidOperationException("wants") : true;

        public override Rendering Render(Change change, IHostInformation host) =>
            BreaksOnRender ? throw new InvalidOperationException("render") : new("text/plain", Encoding.UTF8.GetBytes(Body));
    }
}
