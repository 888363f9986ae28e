using System.Net.Http.Json;
using System.Text.Json;
using Host.Tests.Loading;
using SampleHost.Loading;

namespace Host.Tests.Start;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_says_what_is_behind_and_why_and_nothing_that_is_secret()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost(withAccounts: true).StartAsync();
        var authority = new Uri(receiver.Url).Authority;
        host.Put("Plugin.ApiWebhooks", "ApiWebhooks", config: $$"""
            {
              "hooks": [
                { "label": "Index", "url": "{{receiver.Url}}/index" },
                { "label": "Archive", "url": "{{receiver.Url}}/archive?token=s3cret", "enabled": false }
              ],
              "network": { "allow": ["{{authority}}"] }
            }
            """);
        await host.WaitForAsync("ApiWebhooks", PluginState.Running);
        using var inserted = await host.Editor.PostAsJsonAsync("/api/records", new { title = "Minutes" });
        var record = await Answer.JsonAsync(inserted, 201);
        await receiver.WaitForAsync("/index", record.GetProperty("pid").GetString()!);

        // What arrived may not be noted as read yet.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement report, plugin, behind;
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            using var answer = await host.Client.GetAsync("/healthz");
            report = await Answer.JsonAsync(answer, 200);
            plugin = Assert.Single(report.GetProperty("plugins").EnumerateArray());
            behind = plugin.GetProperty("behind");
        }
        while (behind.GetProperty("changes").GetInt64() > 0);

        var delay = Assert.Single(behind.GetProperty("delays").EnumerateArray());
        Assert.Equal(("ready", "Running"), (report.GetProperty("status").GetString(), plugin.GetProperty("state").GetString()));
        Assert.Equal(behind.GetProperty("lastChange").GetInt64(), behind.GetProperty("position").GetInt64());
        Assert.Equal(0, behind.GetProperty("changes").GetInt64());
        Assert.True(behind.GetProperty("owed").GetInt64() >= 1);
        Assert.Equal("Hook archive", delay.GetProperty("place").GetString());
        Assert.Equal(1, delay.GetProperty("owed").GetInt64());
        Assert.Equal("Paused. What it is owed is held until it is resumed.", delay.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.String, delay.GetProperty("oldestOwedAt").ValueKind);
        Assert.DoesNotContain("s3cret", report.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(authority, report.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_counted_by_place_without_the_value_that_is_wrong()
    {
        await using var host = await new PluginHost().StartAsync();
        host.Put("Plugin.ApiWebhooks", "ApiWebhooks", config: """{ "hooks": [{ "label": "Index", "url": "ftp://internal.example/s3cret" }] }""");
        await host.WaitForAsync("ApiWebhooks", PluginState.Running);
        using var answer = await host.Client.GetAsync("/healthz");
        var report = await Answer.JsonAsync(answer, 200);
        var fault = Assert.Single(Assert.Single(report.GetProperty("plugins").EnumerateArray()).GetProperty("faults").EnumerateArray());
        Assert.Equal(("Error", "hooks[0].url"), (fault.GetProperty("severity").GetString(), fault.GetProperty("place").GetString()));
        Assert.DoesNotContain("internal.example", report.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Progress")]
    [InlineData("ProgressHangs")]
    public async Task A_plugin_that_cannot_say_how_far_it_is_does_not_make_the_host_unready(string place)
    {
        await using var host = new PluginHost { Limits = new PluginLimits { RequestGrace = TimeSpan.FromSeconds(1), CancelGrace = TimeSpan.FromSeconds(1) } };
        host.Put("Fixture.Throws", $"Throws-{place}");
        await host.StartAsync();
        using var answer = await host.Client.GetAsync("/healthz");
        var report = await Answer.JsonAsync(answer, 200);
        Assert.Equal(JsonValueKind.Null, Assert.Single(report.GetProperty("plugins").EnumerateArray()).GetProperty("behind").ValueKind);
    }
}
