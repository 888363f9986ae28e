using System.Text.Encodings.Web;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Buttons;
using Plugin.Tests.Detect;
using static Plugin.Tests.Buttons.LoggedPresses;

namespace Plugin.Tests.Pages;

/// <summary>What the plugin adds to the host's page of a record, and for whom.</summary>
public sealed class RecordPanelTests : IAsyncLifetime
{
    private const string Hostile = "<script>alert(1)</script>";

    private readonly TestFolder _folder = new();
    private readonly MemoryChangeLog _log = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync()
    {
        var host = new TestHost { Changes = _log };
        for (var i = 0; i < 12; i++)
            _log.Append(change => change with { Record = TestHost.Record(13), Kind = i == 11 ? ChangeKind.MetadataChanged : ChangeKind.RecordInserted, Actor = new Actor($"actor-{i + 1}-") });
        _log.Append(change => change with { Record = TestHost.Record(14), Actor = new Actor("actor-of-another-") });
        _plugin = await TestPlugin.StartAsync(_folder.With("{}"), host);
        await WriteAsync($"""
            INSERT INTO subscription (id, key, label, state, starts_after, created_at) VALUES (1, 'filed', '{Hostile}', 'active', 0, 0),
                (2, 'stored-00000000000000000000000000000007', 'Somebody''s own', 'active', 0, 0)
            """);
        await WriteAsync($"""
            INSERT INTO message (id, change_sequence, change_id, kind, record_id, occurred_at, created_at, content_type, body)
            VALUES (1, 12, '0192f0c0000070008000000000000001', 'record.changed', 13, 0, 0, 't', {TestDatabase.Bytes("0")})
            """);
        await DeliverAsync(12, 1, "delivered");
        await DeliverAsync(12, 2, "exhausted");
        await WriteAsync($"INSERT INTO attempt (delivery_id, number, started_at, duration_ms, outcome, status, url) VALUES ({DeliveryId.Of(12, 1)}, 1, 0, 1, 'ServerError', 503, ''), ({DeliveryId.Of(12, 1)}, 2, 0, 1, 'Succeeded', 204, '')");
    }

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_administrator_sees_the_latest_changes_their_deliveries_and_the_presses()
    {
        await _plugin.Get<PressLog>().EnterAsync(Press("pressed") with { ButtonLabel = Hostile }, end: new PressEnd { EndedAt = First, Outcome = null, Duration = TimeSpan.Zero, Message = Hostile });
        var html = (await ShowAsync("admin"))!;
        Assert.Contains("Metadata changed", html, StringComparison.Ordinal);
        Assert.Contains("actor-12-", html, StringComparison.Ordinal);
        Assert.Contains("actor-3-", html, StringComparison.Ordinal);
        // The latest ten, and of this record alone.
        Assert.DoesNotContain("actor-2-", html, StringComparison.Ordinal);
        Assert.DoesNotContain("actor-of-another-", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("actor-12-", StringComparison.Ordinal) < html.IndexOf("actor-3-", StringComparison.Ordinal));
        Assert.Contains($"/plugins/ApiWebhooks/deliveries/{DeliveryId.Of(12, 1)}\"", html, StringComparison.Ordinal);
        Assert.Contains(">204<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("503", html, StringComparison.Ordinal);
        Assert.Contains("/plugins/ApiWebhooks/deliveries?record=13\"", html, StringComparison.Ordinal);
        Assert.Contains("/plugins/ApiWebhooks/buttons/presses/pressed\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain(Hostile, html, StringComparison.Ordinal);
        Assert.Contains("Métadonnées modifiées", await ShowAsync("admin", "fr-CA"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_administrators_subscription_is_for_sysadmins_alone()
    {
        Assert.DoesNotContain("Somebody", await ShowAsync("admin"), StringComparison.Ordinal);
        Assert.DoesNotContain($"{DeliveryId.Of(12, 2)}", await ShowAsync("admin"), StringComparison.Ordinal);
        _plugin.Host.Users["sysadmin"] = TestHost.User("sysadmin", "sysadmin", "admin", "editor", "viewer");
        var html = (await ShowAsync("sysadmin"))!;
        await WriteAsync($"INSERT INTO refusal (delivery_id, subscription_id, reason, detail, refused_at) VALUES ({DeliveryId.Of(12, 2)}, 2, 'ServerError', '', 0)");
        Assert.DoesNotContain(">ServerError<", await ShowAsync("sysadmin"), StringComparison.Ordinal);
        // What was given up stands before what was delivered.
        Assert.True(html.IndexOf("own</a>", StringComparison.Ordinal) is > 0 and var own && own < html.IndexOf(">204<", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Editors_see_the_presses_alone_and_others_nothing()
    {
        Assert.Null(await ShowAsync("editor"));
        for (var i = 0; i < 7; i++)
            await _plugin.Get<PressLog>().EnterAsync(Press($"p{i}", i), AttemptOutcome.ServerError);
        var html = (await ShowAsync("editor"))!;
        Assert.Contains("presses/p6\"", html, StringComparison.Ordinal);
        Assert.Contains("presses/p2\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("presses/p1\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/ApiWebhooks/buttons/presses?record=13\"", html, StringComparison.Ordinal);
        foreach (var hidden in new[] { "Metadata changed", "deliveries" })
            Assert.DoesNotContain(hidden, html, StringComparison.Ordinal);
        Assert.Null(await ShowAsync("viewer"));
    }

    [Fact]
    public async Task Of_a_change_with_many_deliveries_the_first_stand_there_and_how_many_more()
    {
        for (var i = 3; i < 40; i++)
        {
            await WriteAsync($"INSERT INTO subscription (id, key, label, state, starts_after, created_at) VALUES ({i}, 'k{i}', 'Hook {i}', 'active', 0, 0)");
            await DeliverAsync(12, i, "delivered");
        }
        var html = (await ShowAsync("admin"))!;
        Assert.Contains("and 33 more", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_host_waits_no_longer_the_panel_is_given_up()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _plugin.Get<IRecordPageContributor>().DescribeAsync(PageOf("admin", "en"), cancelled.Token));
    }

    private RecordPageContext PageOf(string user, string language) => new(_plugin.Host.Records[13], _plugin.Host.Users[user], language);

    private async Task<string?> ShowAsync(string user, string language = "en")
    {
        if (await _plugin.Get<IRecordPageContributor>().DescribeAsync(PageOf(user, language), CancellationToken.None) is not { } panel)
            return null;
        using var writer = new StringWriter();
        panel.Content.WriteTo(writer, HtmlEncoder.Default);
        return writer.ToString();
    }

    private Task<int> DeliverAsync(long change, long subscription, string state) =>
        WriteAsync($"INSERT INTO delivery (id, message_id, state, created_at, finished_at) VALUES ({DeliveryId.Of(change, subscription)}, 1, '{state}', 0, 0)");

    private Task<int> WriteAsync(string sql) => _plugin.Get<PluginDatabase>().WriteAsync(connection => connection.Prepared(sql).ExecuteNonQuery());
}
