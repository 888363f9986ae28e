using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Configure.Stored;

public sealed class StoredHooksTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private TestHost _host = null!;
    private TestPlugin _plugin = null!;
    private Receiver _receiver = null!;

    private StoredHooks Hooks => _plugin.Get<StoredHooks>();

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync(TimeProvider.System);
        _host = new TestHost { Changes = _log };
        _folder.With("""{ "network": { "allow": ["127.0.0.0/8"] }, "delivery": { "gatherMilliseconds": 0 } }""");
        _plugin = await TestPlugin.StartAsync(_folder, _host);
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        await _receiver.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_made_is_sent_the_next_change_and_signed()
    {
        var hook = await CreateAsync("admin");
        _log.Append();
        await _receiver.WaitAsync();
        var request = Assert.Single(_receiver.All);
        Assert.StartsWith("v1,", request.Headers["webhook-signature"].ToString(), StringComparison.Ordinal);
        Assert.Equal(1, hook.Version);
        Assert.Equal("admin", hook.Owner);
    }

    [Fact]
    public async Task It_outlives_a_restart_and_its_secrets_lie_encrypted()
    {
        var hook = await CreateAsync("admin", settings => settings["headers"] = new JsonObject { ["X-Token"] = "planted-in-a-header" });
        await _plugin.DisposeAsync();
        foreach (var file in Directory.GetFiles(_folder.Data, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("planted-in-a-header", System.Text.Encoding.Latin1.GetString(ReadShared(file)), StringComparison.Ordinal);
        _plugin = await TestPlugin.StartAsync(_folder, _host);
        Assert.Equal("planted-in-a-header", Hooks.Find(hook.Id)!.Settings["headers"]!["X-Token"]!.GetValue<string>());
        _log.Append();
        await _receiver.WaitAsync();
        Assert.Equal("planted-in-a-header", Assert.Single(_receiver.All).Headers["X-Token"].ToString());
    }

    [Fact]
    public async Task A_faulty_one_is_refused_with_places_within_it_and_nothing_is_stored()
    {
        var result = await Hooks.CreateAsync(new NewStoredHook(new JsonObject { ["label"] = "A", ["url"] = "ftp://x", ["colour"] = 1, ["caFile"] = "/etc/passwd" }, "admin"));
        var faults = Assert.IsType<StoreResult.Refused>(result).Faults;
        Assert.Equal(["caFile", "colour", "url"], faults.Select(fault => fault.Place).Order(StringComparer.Ordinal));
        Assert.All(faults, fault => Assert.DoesNotContain("hook.", fault.Message, StringComparison.Ordinal));
        Assert.Empty(Hooks.All);
    }

    [Fact]
    public async Task A_character_that_not_every_database_takes_is_refused_and_stops_nobody()
    {
        var result = await Hooks.CreateAsync(new NewStoredHook(new JsonObject { ["label"] = "a\0b", ["url"] = _receiver.Url }, "admin"));
        Assert.Contains(Assert.IsType<StoreResult.Refused>(result).Faults, fault => fault.Place == "label");
        Assert.Empty(Hooks.All);
        await CreateAsync("admin");
    }

    [Fact]
    public async Task Of_two_who_save_at_the_same_time_one_is_told()
    {
        var hook = await CreateAsync("admin");
        var edit = new StoredHookEdit(hook.Settings, "admin") { ExpectedVersion = 1 };
        Assert.IsType<StoreResult.Stored>(await Hooks.ReplaceAsync(hook.Id, edit));
        Assert.Equal(2, Assert.IsType<StoreResult.Stale>(await Hooks.ReplaceAsync(hook.Id, edit)).Current.Version);
        Assert.IsType<StoreResult.NotFound>(await Hooks.ReplaceAsync(Guid.NewGuid(), edit));
    }

    [Fact]
    public async Task A_new_address_is_in_force_with_the_next_change()
    {
        await using var second = await Receiver.StartAsync(TimeProvider.System);
        var hook = await CreateAsync("admin");
        var settings = hook.Settings.DeepClone().AsObject();
        settings["url"] = second.Url;
        Assert.IsType<StoreResult.Stored>(await Hooks.ReplaceAsync(hook.Id, new StoredHookEdit(settings, "admin")));
        _log.Append();
        await second.WaitAsync();
        Assert.Empty(_receiver.All);
    }

    [Fact]
    public async Task What_a_deleted_one_was_owed_is_cancelled_and_nothing_comes_new()
    {
        _receiver.AnswerWith(500);
        var hook = await CreateAsync("admin", settings => settings["schedule"] = new JsonArray("0s", "1h"));
        _log.Append();
        await _receiver.WaitAsync();
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'waiting'", 1);
        Assert.True(await Hooks.DeleteAsync(hook.Id));
        Assert.Equal(1, Query("SELECT count(*) FROM delivery WHERE state = 'cancelled'"));
        Assert.Equal(0, Query("SELECT count(*) FROM hook_secret"));
        Assert.False(await Hooks.DeleteAsync(hook.Id));
        _log.Append();
        await CreateAsync("admin");
        _log.Append();
        await _receiver.WaitAsync();
        Assert.Equal(2, Query("SELECT count(*) FROM delivery"));
    }

    [Fact]
    public async Task What_is_under_way_while_it_is_deleted_is_not_tried_again()
    {
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async (_, context) =>
        {
            await mayEnd.Task;
            context.Response.StatusCode = 500;
        };
        var hook = await CreateAsync("admin", settings => settings["schedule"] = new JsonArray("0s", "1h"));
        _log.Append();
        await _receiver.WaitAsync();
        Assert.True(await Hooks.DeleteAsync(hook.Id));
        Assert.Equal(1, Query("SELECT count(*) FROM delivery WHERE state = 'in_flight'"));
        mayEnd.SetResult();
        await UntilAsync("SELECT count(*) FROM delivery WHERE state = 'cancelled'", 1);
    }

    [Fact]
    public async Task It_is_sent_what_its_owner_may_see_at_the_time()
    {
        _host.Visible = (user, record) => user.Name == "admin" || !record.Private;
        _host.Users["reader"] = TestHost.User("reader", "viewer");
        await CreateAsync("reader");
        _log.Append(change => change with { Record = change.Record! with { Private = true } });
        _log.Append();
        await _receiver.WaitAsync();
        await UntilAsync("SELECT position FROM reader", 2);
        Assert.Equal(1, Query("SELECT count(*) FROM delivery"));
        // Who is no user any more is sent nothing.
        _host.Users.Remove("reader");
        _log.Append();
        await CreateAsync("admin");
        _log.Append();
        await _receiver.WaitAsync();
        Assert.Equal(2, Query("SELECT count(*) FROM delivery"));
    }

    private async Task<StoredHook> CreateAsync(string owner, Action<JsonObject>? change = null)
    {
        var settings = new JsonObject { ["label"] = "Made by a call", ["url"] = _receiver.Url };
        change?.Invoke(settings);
        return Assert.IsType<StoreResult.Stored>(await Hooks.CreateAsync(new NewStoredHook(settings, owner))).Hook;
    }

    private long Query(string sql) => _plugin.Get<PluginDatabase>().Read(c => Convert.ToInt64(c.Prepared(sql).ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture));

    private async Task UntilAsync(string sql, long expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Query(sql) != expected)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
