using System.Security.Cryptography;
using System.Text;
using Host.Tests.Pages;
using Microsoft.AspNetCore.Http;
using SampleHost.Demo.Receiver;

namespace Host.Tests.Demo;

/// <summary>The demo's receiver of events and its page.</summary>
public sealed class DemoReceiverTests(DemoHost demo) : IClassFixture<DemoHost>, IAsyncLifetime
{
    private PageVisitor _editor = null!;

    public async Task InitializeAsync() => _editor = await demo.SignInAsync("editor");

    public async Task DisposeAsync()
    {
        await SwitchAsync(AnswerMode.Normal);
        _editor.Dispose();
    }

    [Theory]
    [InlineData("/demo/receiver", ReceiverCalls.StandardSecret, 200, "Verified")]
    [InlineData("/demo/receiver/docuteam", ReceiverCalls.DocuteamSecret, 200, "Verified")]
    [InlineData("/demo/receiver", ReceiverCalls.DocuteamSecret, 401, "Not verified")]
    [InlineData("/demo/receiver/docuteam", null, 401, "Not signed")]
    public async Task A_call_is_answered_by_its_signature_and_shown_with_the_verdict(string path, string? secret, int status, string verdict)
    {
        var mark = Guid.NewGuid().ToString("N");

        using var answer = await SendAsync(path, $$"""{"type":"record.inserted","mark":"{{mark}}"}""", secret);

        Assert.Equal(status, (int)answer.StatusCode);
        var call = (await _editor.GetAsync("/demo/cms")).Html.Source.Split("<details").Single(part => part.Contains(mark, StringComparison.Ordinal));
        Assert.Contains($">{verdict}<", call, StringComparison.Ordinal);
        Assert.Contains($"POST {path}", call, StringComparison.Ordinal);
        Assert.Contains("record.inserted", call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_headers_are_starred_on_the_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/receiver") { Content = new StringContent("{}") };
        request.Headers.Add("X-Auth-Token", "a-token-nobody-may-read");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic a-password-nobody-may-read");
        using var answer = await demo.Host.Nobody.SendAsync(request);

        var page = (await _editor.GetAsync("/demo/cms")).Html.Source;

        Assert.Contains("X-Auth-Token", page, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody-may-read", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_received_is_shown_as_text_and_never_run()
    {
        using var answer = await SendAsync("/demo/receiver", "<script>alert('body')</script>", null);

        Assert.DoesNotContain("<script>alert", (await _editor.GetAsync("/demo/cms")).Html.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ServerError", 500)]
    [InlineData("Redirect", 302)]
    public async Task It_answers_as_switched(string mode, int status)
    {
        await SwitchAsync(Enum.Parse<AnswerMode>(mode));

        using var button = await demo.Host.Nobody.PostAsync("/demo/cms/fetch?resource_id=1", null);
        using var happening = await SendAsync("/demo/receiver", "{}", ReceiverCalls.StandardSecret);

        Assert.Equal((status, status), ((int)button.StatusCode, (int)happening.StatusCode));
    }

    [Fact]
    public async Task It_hangs_up_when_switched_so()
    {
        await SwitchAsync(AnswerMode.HangUp);

        await Assert.ThrowsAsync<HttpRequestException>(() => demo.Host.Nobody.PostAsync("/demo/receiver", null));
    }

    [Fact]
    public async Task Slow_means_a_wait_and_then_the_normal_answer()
    {
        var clock = new ImpatientClock();
        var answers = new AnswerSwitch(clock) { Mode = AnswerMode.Slow };

        var instead = await answers.MisbehaveAsync(new DefaultHttpContext());

        Assert.Null(instead);
        Assert.Equal(AnswerSwitch.SlowAnswer, clock.Waited);
    }

    [Fact]
    public async Task Only_the_last_calls_are_kept()
    {
        for (var i = 0; i < CallLog.KeptCalls + 5; i++)
        {
            using var answer = await SendAsync("/demo/receiver", "{}", ReceiverCalls.StandardSecret);
        }

        Assert.Equal(CallLog.KeptCalls, demo.Host.Get<CallLog>().List().Count);
    }

    [Fact]
    public async Task The_page_is_for_editors_and_the_switch_needs_the_form_s_token()
    {
        using var viewer = await demo.SignInAsync("viewer");
        Assert.Equal(403, (await viewer.GetAsync("/demo/cms")).Status);
        Assert.Equal(303, (await new PageVisitor(demo.Host.BaseUri).GetAsync("/demo/cms")).Status);
        Assert.Equal(400, (await _editor.PostAsync("/demo/cms/answers", [new("mode", "ServerError")])).Status);
        Assert.Equal(AnswerMode.Normal, demo.Host.Get<AnswerSwitch>().Mode);
    }

    private async Task SwitchAsync(AnswerMode mode)
    {
        var form = (await _editor.GetAsync("/demo/cms")).Html.Form("/demo/cms/answers");
        form["mode"] = mode.ToString();
        Assert.Equal(303, (await _editor.SubmitAsync(form)).Status);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (secret is not null)
        {
            var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            var hash = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"msg_1.{timestamp}.{body}"));
            request.Headers.Add("webhook-id", "msg_1");
            request.Headers.Add("webhook-timestamp", $"{timestamp}");
            request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(hash));
        }

        return await demo.Host.Nobody.SendAsync(request);
    }

    /// <summary>A clock whose timers ring at once, and which remembers how long it was asked to wait.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waited = dueTime;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
