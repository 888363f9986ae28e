using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Deliver;

/// <summary>What is kept of request and answer: as they were at the time of the attempt.</summary>
[Collection("Listening")]
public sealed class KeptExchangeTests : IAsyncLifetime
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
    public async Task An_attempt_shows_the_header_lines_that_the_receiver_got_with_stars_for_secrets()
    {
        await _f.StartAsync(Hook("planted-one"));
        var story = await SendAsync();
        var received = Assert.Single(_receiver.All);
        var sent = SentRequest.Of(story, story.Attempts[0])!;
        Assert.Equal("POST", sent.Method);
        Assert.Equal(
            received.Headers.Select(header => header.Key.ToLowerInvariant()).Order(StringComparer.Ordinal), sent.Headers.Select(header => header.Key.ToLowerInvariant()).Order(StringComparer.Ordinal));
        foreach (var (name, value) in sent.Headers)
            Assert.Equal(name is "webhook-signature" or "X-Api-Key" ? "***" : received.Headers[name].ToString(), value);
        Assert.Contains(KeptAnswer.HeadersOf(story.Attempts[0].AnswerHead).Headers, header => header.Key == "Server" && header.Value == "Kestrel");
        Assert.Equal(0, _f.Query<int>("SELECT count(*) FROM request_head WHERE lines LIKE '%planted%'"));
    }

    [Fact]
    public async Task The_lines_of_an_attempt_stay_what_they_were_when_the_settings_change_and_are_kept_once()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(Hook("planted-one"));
        var story = await SendAsync();
        var renamed = Hook("planted-two") with { Headers = [new("X-Other", "planted-two")] };
        await _f.ChangeHooksAsync(renamed);
        var stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(10));
        await stored;
        await SendAsync(2);
        story = _f.History.Find(story.Delivery.Id)!;
        Assert.Equal(2, story.Attempts.Count);
        Assert.Equal([true, false], story.Attempts.Select(attempt => SentRequest.Of(story, attempt)!.Headers.Any(header => header.Key == "X-Api-Key")));
        Assert.Equal([false, true], story.Attempts.Select(attempt => SentRequest.Of(story, attempt)!.Headers.Any(header => header.Key == "X-Other")));
        // Three attempts by two ways.
        Assert.Equal((2, 3), (_f.Query<int>("SELECT count(*) FROM request_head"), _f.Query<int>("SELECT count(*) FROM attempt WHERE request_lines IS NULL")));
    }

    [Fact]
    public async Task Heads_that_no_attempt_has_any_more_are_removed_and_the_others_stay()
    {
        await _f.StartAsync(Hook("planted-one"));
        await SendAsync();
        await _f.ChangeHooksAsync(Hook("planted-two") with { Headers = [new("X-Other", "planted-two")] });
        await SendAsync(2);
        var store = new RetentionStore(_f.Database);
        var later = _f.Clock.GetUtcNow().AddDays(40);
        Assert.Equal(0, await store.RemoveHeadsAsync(_f.Clock.GetUtcNow().AddDays(-1), 10, together: 1));
        Assert.Equal(0, await store.RemoveHeadsAsync(later, 10, together: 1));
        await _f.Database.WriteAsync(c => c.Prepared("DELETE FROM attempt WHERE delivery_id = (SELECT min(id) FROM delivery)").ExecuteNonQuery());
        Assert.Equal(1, await store.RemoveHeadsAsync(later, 10, together: 1));
        Assert.Equal(0, _f.Query<int>("SELECT count(*) FROM request_head WHERE lines LIKE '%X-Api-Key%'"));
        Assert.Equal(0, _f.Query<int>("SELECT count(*) FROM attempt WHERE request_head NOT IN (SELECT id FROM request_head)"));
        // The retention itself does the same.
        await _f.Database.WriteAsync(c => c.Prepared("DELETE FROM attempt").ExecuteNonQuery());
        await _f.Database.WriteAsync(c => c.Prepared("UPDATE request_head SET used_at = 0").ExecuteNonQuery());
        await using var retention = new Retention(store, () => new StorageSettings(), () => { }, () => Task.CompletedTask, TimeProvider.System, NullLogger<Retention>.Instance);
        await retention.ClearAsync(default);
        Assert.Equal(0, _f.Query<int>("SELECT count(*) FROM request_head"));
    }

    private HookSettings Hook(string secret) => PipelineFixture.Hook(_receiver.Url + "/in?key=planted-in-the-url") with { Headers = [new("X-Api-Key", secret)] };

    private async Task<DeliveryStory> SendAsync(int position = 1)
    {
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        return _f.History.Find(DeliveryId.Of(position, 1))!;
    }
}
