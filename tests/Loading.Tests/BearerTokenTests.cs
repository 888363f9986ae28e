using System.Net.Http.Headers;
using System.Net.Http.Json;
using Dam.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using SampleHost.Accounts;
using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>Tokens that a plugin hands out open host and plugins, and a plugin that misbehaves harms nobody else's keys.</summary>
public sealed class BearerTokenTests : IAsyncLifetime
{
    private readonly PluginHost _host = new(withAccounts: true);

    public async Task InitializeAsync()
    {
        _host.Put("Fixture.Hello", "Hello");
        await _host.StartAsync();
        await _host.WaitForAsync("Hello", PluginState.Running);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_plugins_token_acts_for_its_user_and_the_log_names_the_client()
    {
        using var request = Call(HttpMethod.Post, "hello-editor");
        request.Content = JsonContent.Create(new { title = "By token" });
        using var inserted = await _host.Client.SendAsync(request);
        await Answer.JsonAsync(inserted, 201);

        var change = Assert.Single(await _host.Get<IChangeLog>().ReadAfterAsync(0, 10, CancellationToken.None));
        Assert.Equal(("editor", "The greeter"), (change.Actor.UserName, change.Actor.ApiKeyName));
    }

    [Theory]
    [InlineData("hello-ghost")]
    [InlineData("other-editor")]
    [InlineData("hello-throws")]
    [InlineData("hello-hangs")]
    public async Task A_token_that_nobody_vouches_for_is_refused_and_keys_go_on_working(string token)
    {
        using var refused = await _host.Client.SendAsync(Call(HttpMethod.Get, token));
        await Answer.ProblemAsync(refused, 401);
        using var read = await _host.Editor.GetAsync("/api/records");
        await Answer.JsonAsync(read, 200);
    }

    [Theory]
    [InlineData("X-Api-Key", "hello-editor")]
    [InlineData("X-CKAN-API-Key", "hello-editor")]
    [InlineData("Authorization", "hello-editor")]
    public async Task A_token_counts_only_as_a_bearer_token(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/records");
        request.Headers.TryAddWithoutValidation(header, value);
        using var refused = await _host.Client.SendAsync(request);
        await Answer.ProblemAsync(refused, 401);
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_asked_no_more_than_so_often_at_once_and_keys_need_no_plugin()
    {
        var hanging = Enumerable.Range(0, BearerTokens.MostOpen + 8).Select(_ => _host.Client.SendAsync(Call(HttpMethod.Get, "hello-hangs"))).ToList();
        using (var read = await _host.Editor.GetAsync("/api/records"))
            await Answer.JsonAsync(read, 200);
        foreach (var answer in await Task.WhenAll(hanging))
        {
            await Answer.ProblemAsync(answer, 401);
            answer.Dispose();
        }

        // On a busy machine the last of the questions may still be ending.
        var status = 0;
        for (var i = 0; i < 20 && status != 200; i++)
        {
            using var again = await _host.Client.SendAsync(Call(HttpMethod.Get, "hello-editor"));
            status = (int)again.StatusCode;
        }

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task A_plugin_that_ends_only_when_it_is_told_is_told_also_when_nobody_waits_any_more()
    {
        var tokens = new BearerTokens(_host.Registry, _host.Get<Users>(), new LateLimits(), NullLogger<BearerTokens>.Instance);
        await Task.WhenAll(Enumerable.Range(0, BearerTokens.MostOpen).Select(_ => tokens.FindUserAsync("hello-hangs")));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await tokens.FindUserAsync("hello-editor") is null)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
    }

    private static HttpRequestMessage Call(HttpMethod method, string token)
    {
        var request = new HttpRequestMessage(method, "/api/records");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    // As when two timers of one length are set one after the other: they fire in either order.
    private sealed class LateLimits : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, state is CancellationTokenSource ? dueTime + TimeSpan.FromMilliseconds(300) : dueTime, period);
    }
}
