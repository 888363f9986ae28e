using System.Net.Http.Json;
using Host.Tests.Loading;
using SampleHost;
using SampleHost.Loading;
using SampleHost.Start;

namespace Host.Tests.Start;

public sealed class TelemetryExportTests
{
    [Fact]
    public async Task Metrics_and_spans_of_a_delivery_are_sent_by_otlp_and_nothing_secret_with_them()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost(withAccounts: true, ["--Host:OtlpEndpoint", collector.Url]).StartAsync();
        await DeliverAsync(host, receiver);
        Assert.True(host.Get<TelemetryExport>().Flush());

        AssertHas(collector.Sent("/v1/metrics"), "webhooks.queue.depth", "webhooks.hook.count", "webhooks.detect.behind", "SampleHost");

        // What was done last is sent at the end.
        await host.StopAsync();
        var (metrics, traces) = (collector.Sent("/v1/metrics"), collector.Sent("/v1/traces"));
        AssertHas(metrics, "webhooks.delivery.attempts", "webhooks.delivery.lag", "http.server.request.duration");
        AssertHas(traces, "/api/records", "detect", "webhooks.message.id", "webhooks.hook.key", "/events?token=***");
        Assert.DoesNotContain("s3cret", traces + metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_trace_leads_from_who_called_the_host_to_the_receiver_of_the_change()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost(withAccounts: true, ["--Host:OtlpEndpoint", collector.Url]).StartAsync();
        await DeliverAsync(host, receiver);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/records") { Content = JsonContent.Create(new { title = "Traced" }) };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var inserted = await host.Editor.SendAsync(request);
        await Answer.JsonAsync(inserted, 201);
        await receiver.WaitForAsync("/events", "Traced");
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", receiver.LastTraceParent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_it_is_made_when_no_endpoint_is_set()
    {
        await using var host = await new PluginHost().StartAsync();
        Assert.Null(host.Get<IServiceProvider>().GetService(typeof(TelemetryExport)));
    }

    [Fact]
    public async Task A_collector_that_is_away_disturbs_nobody()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await new PluginHost(withAccounts: true, ["--Host:OtlpEndpoint", "http://127.0.0.1:9"]).StartAsync();
        await DeliverAsync(host, receiver);
        using var health = await host.Client.GetAsync("/healthz");
        await Answer.JsonAsync(health, 200);
    }

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("http://collector:4318/?key=1")]
    public async Task An_endpoint_that_is_no_address_is_refused_with_its_key(string endpoint)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningHost.StartAsync(arguments: ["--Host:OtlpEndpoint", endpoint]));
        Assert.StartsWith($"Host:OtlpEndpoint is '{endpoint}'.", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertHas(string sent, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            Assert.Contains(name, sent, StringComparison.Ordinal);
    }

    /// <summary>Loads the plugin and has it deliver one change.</summary>
    private static async Task DeliverAsync(PluginHost host, Receiver receiver)
    {
        host.Put("Plugin.ApiWebhooks", "ApiWebhooks", config: $$"""
            {
              "hooks": [{ "label": "All", "url": "{{receiver.Url}}/events?token=s3cret" }],
              "network": { "allow": ["{{new Uri(receiver.Url).Authority}}"] }
            }
            """);
        await host.WaitForAsync("ApiWebhooks", PluginState.Running);
        using var inserted = await host.Editor.PostAsJsonAsync("/api/records", new { title = "One" });
        await Answer.JsonAsync(inserted, 201);
        await receiver.WaitForAsync("/events", "One");
    }
}
