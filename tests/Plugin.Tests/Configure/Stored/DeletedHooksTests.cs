using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Configure.Stored;

/// <summary>A deleted hook is sent nothing, loses nothing, and can be had back for ten minutes.</summary>
public sealed class DeletedHooksTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private readonly LaterClock _clock = new();
    private TestHost _host = null!;
    private TestPlugin _plugin = null!;
    private Receiver _receiver = null!;

    private StoredHooks Hooks => _plugin.Get<StoredHooks>();

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        _host = new TestHost { Changes = _log };
        _host.Users["other"] = TestHost.User("other", "admin", "editor", "viewer");
        _host.Users["boss"] = TestHost.User("boss", "admin", "sysadmin");
        _folder.With("""{ "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 } }""");
        _plugin = await TestPlugin.StartAsync(_folder, _host, _clock);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_sent_nothing_and_once_restored_all_that_came_meanwhile()
    {
        var hook = await CreateAsync();
        var until = await Hooks.DeleteForNowAsync(hook, "admin");
        Assert.Equal(hook.Id, Assert.Single(Hooks.Deleted).Id);
        Assert.Equal(Hooks.Deleted[0].Deletion!.At + TimeSpan.FromMinutes(10), until);
        Assert.Empty(Hooks.All);
        Assert.Null(Hooks.Find(hook.Id));
        _log.Append();
        // Whatever else is changed meanwhile does not wake it.
        await Hooks.DeleteAsync((await CreateAsync()).Id);
        _log.Append();
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'held'", 2);
        Assert.Empty(_receiver.All);
        Assert.True(await Hooks.RestoreAsync(hook.Id));
        await _receiver.WaitAsync(2);
        Assert.Equal(hook.Version, Assert.Single(Hooks.All).Version);
        _log.Append();
        await _receiver.WaitAsync(1);
        Assert.Equal(3, _receiver.All.Count);
    }

    [Fact]
    public async Task It_signs_with_what_it_signed_with_before()
    {
        var hook = await CreateAsync();
        var secret = _plugin.Settings.Current.Hooks[0].Secret!.Reveal();
        await Hooks.DeleteForNowAsync(hook, "admin");
        Assert.Empty(_plugin.Settings.Current.Hooks);
        await Hooks.RestoreAsync(hook.Id);
        Assert.Equal(secret, _plugin.Settings.Current.Hooks[0].Secret!.Reveal());
    }

    [Fact]
    public async Task One_that_was_paused_comes_back_paused()
    {
        var hook = await CreateAsync();
        var id = Query("SELECT id FROM subscription");
        await _plugin.Get<Plugin.ApiWebhooks.EventPipeline>().Subscriptions!.PauseAsync(id, "Paused by admin.", CancellationToken.None);
        await Hooks.DeleteForNowAsync(hook, "admin");
        // While it is deleted nobody can serve it, and nothing of what is held is given up.
        _log.Append();
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'held'", 1);
        Assert.False(await _plugin.Get<Plugin.ApiWebhooks.EventPipeline>().Subscriptions!.ResumeAsync(id, CancellationToken.None, HeldChoice.Cancel));
        Assert.True(await Hooks.RestoreAsync(hook.Id));
        Assert.Equal(1, Query("SELECT count(*) FROM subscription WHERE state = 'paused' AND state_reason = 'Paused by admin.'"));
        Assert.Equal(1, Query("SELECT count(*) FROM delivery WHERE state = 'held'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_its_time_it_is_removed_for_good_also_over_a_restart(bool restarts)
    {
        var clock = new FakeClock();
        await StartAgainAsync(clock);
        var hook = await CreateAsync();
        await Hooks.DeleteForNowAsync(hook, "admin");
        _log.Append();
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'held'", 1);
        if (restarts)
            await _plugin.DisposeAsync();
        clock.Advance(StoredHooks.UndoWindow);
        if (restarts)
            _plugin = await TestPlugin.StartAsync(_folder, _host, clock);
        Assert.Empty(Hooks.Deleted);
        Assert.False(await Hooks.RestoreAsync(hook.Id));
        // Whatever removes what is old comes by, by itself.
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'cancelled'", 1, () => clock.Advance(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, Query("SELECT count(*) FROM stored_hook"));
        Assert.Equal(0, Query("SELECT count(*) FROM hook_secret"));
        Assert.Equal(1, Query("SELECT count(*) FROM subscription WHERE state = 'removed'"));
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task Its_time_goes_on_over_a_restart()
    {
        var hook = await CreateAsync();
        await Hooks.DeleteForNowAsync(hook, "admin");
        _log.Append();
        _clock.Late = StoredHooks.UndoWindow - TimeSpan.FromMinutes(1);
        await StartAgainAsync(_clock);
        Assert.Equal("admin", Assert.Single(Hooks.Deleted).Deletion!.By);
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'held'", 1);
        await Hooks.RemoveDeletedAsync();
        Assert.True(await Hooks.RestoreAsync(hook.Id));
        await _receiver.WaitAsync();
    }

    [Fact]
    public async Task What_was_saved_meanwhile_is_not_deleted()
    {
        var hook = await CreateAsync();
        await Hooks.ReplaceAsync(hook.Id, new StoredHookEdit(hook.Settings, "other"));
        Assert.Null(await Hooks.DeleteForNowAsync(hook, "admin"));
        Assert.Single(Hooks.All);
        await Hooks.DeleteForNowAsync(Hooks.All[0], "admin");
        Assert.IsType<StoreResult.NotFound>(await Hooks.ReplaceAsync(hook.Id, new StoredHookEdit(hook.Settings, "other")));
    }

    [Fact]
    public async Task For_calls_it_is_gone_but_for_the_one_that_restores_it()
    {
        using var made = await SendAsync(HttpMethod.Post, "/api/webhooks/subscriptions", $$"""{ "label": "Mine", "url": "{{_receiver.Url}}" }""");
        var url = made.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, url)).StatusCode);
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, url), (HttpMethod.Patch, url), (HttpMethod.Delete, url), (HttpMethod.Post, url + "/pause"), (HttpMethod.Post, url + "/resume"),
            (HttpMethod.Post, url + "/rotate-secret"), (HttpMethod.Post, url + "/test"), (HttpMethod.Post, url + "/replay"),
        })
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(method, path, method == HttpMethod.Get ? null : "{}")).StatusCode);
        // To a sysadmin it is what it will be.
        var seen = JsonNode.Parse(await (await SendAsync(HttpMethod.Get, url, user: "boss")).Content.ReadAsStringAsync())!;
        Assert.Equal("removed", seen["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, url + "/pause", "{}", "boss")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, url + "/test", "{}", "boss")).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, url + "/restore", "{}", "other")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Post, url + "/restore", "{}", "editor")).StatusCode);
        using var restored = await SendAsync(HttpMethod.Post, url + "/restore", "{}");
        Assert.Equal(HttpStatusCode.OK, restored.StatusCode);
        Assert.Equal("active", JsonNode.Parse(await restored.Content.ReadAsStringAsync())!["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, url + "/restore", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, url)).StatusCode);
    }

    [Fact]
    public async Task For_the_doors_of_other_systems_it_is_gone()
    {
        using var made = await SendAsync(HttpMethod.Post, "/api/3/action/webhook_create", $$"""{ "topic": "dataset/create", "address": "{{_receiver.Url}}" }""");
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        var hook = Assert.Single(Hooks.All);
        var show = $$"""{ "id": "{{hook.Id:D}}" }""";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, "/api/3/action/webhook_show", show)).StatusCode);
        await Hooks.DeleteForNowAsync(hook, "admin");
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, "/api/3/action/webhook_show", show)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, "/api/3/action/webhook_delete", show)).StatusCode);
        Assert.True(await Hooks.RestoreAsync(hook.Id));
        // What their own calls delete never comes back.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, "/api/3/action/webhook_delete", show)).StatusCode);
        Assert.Empty(Hooks.Deleted);
    }

    private async Task<StoredHook> CreateAsync() =>
        Assert.IsType<StoreResult.Stored>(await Hooks.CreateAsync(new NewStoredHook(new JsonObject { ["label"] = "Made by a call", ["url"] = _receiver.Url }, "admin"))).Hook;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string user = "admin")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-User", user);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _plugin.Client.SendAsync(request);
    }

    private long Query(string sql) => _plugin.Get<PluginDatabase>().Read(c => Convert.ToInt64(c.Prepared(sql).ExecuteScalar(), CultureInfo.InvariantCulture));

    private async Task StartAgainAsync(TimeProvider time)
    {
        await _plugin.DisposeAsync();
        _plugin = await TestPlugin.StartAsync(_folder, _host, time);
    }

    private async Task UntilAsync(string sql, long expected, Action? between = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Query(sql) != expected)
        {
            between?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    // Timers run as ever; only what the clock says is later.
    private sealed class LaterClock : TimeProvider
    {
        public TimeSpan Late { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Late;
    }
}
