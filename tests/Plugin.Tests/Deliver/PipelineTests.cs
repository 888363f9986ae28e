using System.Globalization;
using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Deliver;

public sealed class PipelineTests : IAsyncLifetime
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
    public async Task Change_arrives_signed_and_its_attempt_is_recorded()
    {
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url + "/in?token=s3cret"));
        var stored = _f.WhenStored(1);
        var change = _f.Log.Append();
        await _receiver.WaitAsync();
        await stored;

        var received = Assert.Single(_receiver.All);
        Assert.Equal($"msg_{change.Id:N}_1", received.Id);
        Assert.Equal("application/json", received.Headers.ContentType.ToString());
        var timestamp = long.Parse(received.Headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture);
        Assert.Equal(_f.Clock.GetUtcNow().ToUnixTimeSeconds(), timestamp);
        Assert.True(WebhookSecret.TryParse(PipelineFixture.Secret, out var secret));
        Assert.Equal(StandardSignature.Sign(received.Id, timestamp, received.Body, secret), received.Headers["webhook-signature"].ToString());
        using var body = JsonDocument.Parse(received.Body);
        Assert.Equal("record.inserted", body.RootElement.GetProperty("type").GetString());
        Assert.Equal("delivered", _f.Query<string>("SELECT state FROM delivery"));
        Assert.Equal("Succeeded 204", _f.Query<string>("SELECT outcome || ' ' || status FROM attempt"));
        Assert.Equal(_receiver.Url + "/in?token=***", _f.Query<string>("SELECT url FROM attempt"));
    }

    [Fact]
    public async Task While_keys_are_replaced_all_of_them_sign_in_one_header()
    {
        var (key, former) = (SigningKey.Generate(), SigningKey.Generate());
        var hook = PipelineFixture.Hook(_receiver.Url) with { Signing = HookSigning.Both, SigningKey = key, RetiringSigningKeys = [former] };
        await _f.StartAsync(hook);
        _f.Log.Append();
        await _receiver.WaitAsync();

        var received = Assert.Single(_receiver.All);
        var timestamp = long.Parse(received.Headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture);
        Assert.Equal(
            string.Join(' ', new IMessageKey[] { hook.Secret!, key, former }.Select(each => StandardSignature.Sign(received.Id, timestamp, received.Body, each))),
            received.Headers["webhook-signature"].ToString());
    }

    [Fact]
    public async Task Retries_follow_the_schedule_never_early_with_the_same_id_and_bytes()
    {
        _receiver.AnswerWith(500);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var start = _f.Clock.GetUtcNow();
        TimeSpan[] waits = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        foreach (var wait in waits)
        {
            stored = _f.WhenStored(1);
            _f.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            Assert.False(stored.IsCompleted);
            _f.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await stored;
        }
        var all = _receiver.All;
        Assert.Equal(4, all.Count);
        Assert.Single(all.Select(r => r.Id).Distinct());
        Assert.Single(all.Select(r => Encoding.UTF8.GetString(r.Body)).Distinct());
        Assert.Equal(
            [0, 5, 305, 2105],
            all.Select(r => (r.At - start).TotalSeconds));
        Assert.Equal(4, all.Select(r => r.Headers["webhook-signature"].ToString()).Distinct().Count());
        Assert.Equal("waiting 4", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
        Assert.Equal(4, _f.Query<int>("SELECT count(*) FROM attempt"));
    }

    [Fact]
    public async Task Delivery_is_exhausted_after_the_last_attempt()
    {
        _receiver.AnswerWith(400);
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with { Schedule = [TimeSpan.Zero, TimeSpan.FromSeconds(1)] });
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(1));
        await stored;
        Assert.Equal("exhausted 2", _f.Query<string>("SELECT state || ' ' || attempts FROM delivery"));
        Assert.Equal(0, _f.Query<int>("SELECT count(due_at) FROM delivery"));
    }

    [Fact]
    public async Task Retry_after_is_honoured_beyond_the_schedule()
    {
        _receiver.AnswerWith(503, retryAfter: "60");
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(stored.IsCompleted);
        // The rest of a receiver that asks for it is stretched by up to a fifth.
        _f.Clock.Advance(TimeSpan.FromSeconds(13));
        await stored;
        Assert.Equal(2, _receiver.All.Count);
    }

    [Fact]
    public async Task Redirect_is_a_failure_and_is_not_followed()
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url + "/in"));
        var stored = _f.WhenStored(1);
        _f.Log.Append();
        await stored;
        Assert.Equal(["/in"], _receiver.All.Select(r => r.Path));
        Assert.Equal("waiting", _f.Query<string>("SELECT state FROM delivery"));
        Assert.Equal("Redirected", _f.Query<string>("SELECT outcome FROM attempt"));
    }

    [Fact]
    public async Task Every_change_arrives_once_for_each_hook_that_wants_it()
    {
        await using var other = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(
            PipelineFixture.Hook(_receiver.Url, "all"),
            PipelineFixture.Hook(other.Url, "deletions", new ApiWebhooks.Dialects.Standard.StandardRules(new HashSet<ChangeKind> { ChangeKind.RecordDeleted })));
        for (var i = 0; i < 2000; i++)
            _f.Log.Append(c => c with { Kind = c.Sequence % 10 == 0 ? ChangeKind.RecordDeleted : ChangeKind.MetadataChanged });
        await _receiver.WaitAsync(2000);
        await other.WaitAsync(200);
        Assert.Equal(2000, _receiver.All.Select(r => r.Id).Distinct().Count());
        Assert.Equal(200, other.All.Select(r => r.Id).Distinct().Count());
        await _f.Pipeline.StopAsync(default);
        Assert.Equal(2200, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'"));
        Assert.Equal(2000, _f.Query<int>("SELECT count(*) FROM message")); // rendered once for both
    }
}
