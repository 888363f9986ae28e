using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.Tests.Dialects;

namespace Plugin.Tests.Deliver;

/// <summary>CloudEvents' abuse protection: nothing is sent to a receiver that did not permit it.</summary>
public sealed class HandshakeTests : IAsyncLifetime
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
    public async Task A_receiver_is_asked_once_and_sent_to_when_it_permits_it()
    {
        Permit("127.0.0.1");
        await _f.StartAsync(Hook("""{"handshake":"required","ratePerSecond":0.5}""") with { Headers = [new SecretHeader("Authorization", "Bearer t0ken")] });
        await AppendAsync(3);
        await AppendAsync(2);
        var asked = Assert.Single(_receiver.All, request => request.Method == "OPTIONS");
        Assert.Equal(("127.0.0.1", "30", "Bearer t0ken"), (asked.Headers["WebHook-Request-Origin"].ToString(), asked.Headers["WebHook-Request-Rate"].ToString(), asked.Headers.Authorization.ToString()));
        Assert.Empty(asked.Body);
        Assert.Equal("OPTIONS", _receiver.All[0].Method);
        Assert.Equal(5, _receiver.All.Count(request => request.Method == "POST"));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("eventemitter.example.com", null)]
    [InlineData("*", "0")]
    public async Task Nothing_is_sent_before_it_is_permitted(string? origin, string? rate)
    {
        Permit(origin, rate);
        await _f.StartAsync(Hook("""{"handshake":"required"}""") with { Schedule = [TimeSpan.Zero, TimeSpan.FromMinutes(1)], Timeout = TimeSpan.FromDays(9) });
        await AppendAsync(1);
        Assert.DoesNotContain(_receiver.All, request => request.Method == "POST");
        var attempt = Assert.Single(_f.History.Find(_f.Query<long>("SELECT id FROM delivery"))!.Attempts);
        Assert.Contains("WebHook-Allowed-", attempt.Detail, StringComparison.Ordinal);
        Permit("*");
        var stored = _f.WhenStored(1);
        _f.Clock.Advance(TimeSpan.FromMinutes(2));
        await stored;
        Assert.Single(_receiver.All, request => request.Method == "POST");
        Assert.Equal(1, _f.Query<int>("SELECT count(*) FROM delivery WHERE state = 'delivered'"));
    }

    [Fact]
    public async Task A_receiver_that_does_not_know_the_question_is_sent_nothing()
    {
        _receiver.AnswerWith(405);
        await _f.StartAsync(Hook("""{"handshake":"required"}"""));
        await AppendAsync(1);
        Assert.Equal(["OPTIONS"], _receiver.All.Select(request => request.Method));
    }

    [Fact]
    public async Task An_allowed_rate_is_kept()
    {
        Permit("*", "120");
        await _f.StartAsync(Hook("""{"handshake":"required"}"""));
        await AppendAsync(1);
        var stored = _f.WhenStored(2);
        for (var i = 0; i < 10; i++)
            _f.Log.Append();
        await stored;
        Assert.Equal(3, _receiver.All.Count(request => request.Method == "POST"));
        for (var i = 4; i < 8; i++)
        {
            stored = _f.WhenStored(1);
            _f.Clock.Advance(TimeSpan.FromSeconds(0.5));
            await stored;
            Assert.Equal(i, _receiver.All.Count(request => request.Method == "POST"));
        }
    }

    [Fact]
    public async Task Another_address_is_asked_anew_and_without_the_key_nobody_is()
    {
        await using var other = await Receiver.StartAsync(_f.Clock);
        await _f.StartAsync(Hook("{}"));
        await AppendAsync(1);
        Assert.Equal(["POST"], _receiver.All.Select(request => request.Method));
        Permit("*");
        await _f.ChangeHooksAsync(Hook("""{"handshake":"required"}"""));
        await AppendAsync(1);
        await _f.ChangeHooksAsync(Hook("""{"handshake":"required"}""") with { Url = other.Url });
        await AppendAsync(1);
        Assert.Equal(["POST", "OPTIONS", "POST"], _receiver.All.Select(request => request.Method));
        Assert.Equal(["OPTIONS"], other.All.Select(request => request.Method));
    }

    private HookSettings Hook(string keys)
    {
        var faults = new List<PluginFault>();
        var rules = PayloadTests.Read("cloudevents", keys, faults);
        Assert.Empty(faults);
        return PipelineFixture.Hook(_receiver.Url, "hook", rules);
    }

    private void Permit(string? origin, string? rate = null) => _receiver.Answer = (received, context) =>
    {
        context.Response.StatusCode = 200;
        if (received.Method == "OPTIONS" && origin is not null)
            context.Response.Headers["WebHook-Allowed-Origin"] = origin;
        if (received.Method == "OPTIONS" && rate is not null)
            context.Response.Headers["WebHook-Allowed-Rate"] = rate;
        return Task.CompletedTask;
    };

    private async Task AppendAsync(int count)
    {
        var stored = _f.WhenStored(count);
        for (var i = 0; i < count; i++)
            _f.Log.Append();
        await stored;
    }
}
