using System.Net;
using System.Net.Sockets;
using System.Text;
using Dam.Hosting;
using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>What is under way when a plugin unloads comes to its end first, or is made to.</summary>
public sealed class DrainingTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_slow_request_is_answered_in_full_before_the_plugin_stops()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        var request = await SlowRequest.BeginAsync(host);

        Directory.Delete(folder, recursive: true);
        await host.WaitForAsync("Hello", PluginState.Stopping);
        Assert.Equal("HTTP/1.1 200 OK", await request.FinishAsync().WaitAsync(s_patience));
        await host.WaitForGoneAsync("Hello");
    }

    [Fact]
    public async Task A_request_that_does_not_end_is_cancelled_and_its_connection_cut()
    {
        var brief = TimeSpan.FromMilliseconds(100);
        await using var host = new PluginHost
        {
            Limits = new PluginLimits { Settle = brief, RequestGrace = brief, CancelGrace = brief },
        };
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        var request = await SlowRequest.BeginAsync(host);

        Directory.Delete(folder, recursive: true);
        await host.WaitForGoneAsync("Hello");
        Assert.NotEqual("HTTP/1.1 200 OK", await request.FinishAsync().WaitAsync(s_patience));
    }

    [Fact]
    public async Task An_open_event_stream_ends_cleanly_when_the_plugin_unloads()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        using var answer = await host.Client.GetAsync("/hello/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: begin", await reader.ReadLineAsync());

        Directory.Delete(folder, recursive: true);
        Assert.Contains("data: end", await reader.ReadToEndAsync().WaitAsync(s_patience), StringComparison.Ordinal);
        await host.WaitForGoneAsync("Hello");
    }

    [Fact]
    public async Task An_open_event_stream_does_not_hold_up_the_hosts_shutdown()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();
        using var answer = await host.Client.GetAsync("/hello/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: begin", await reader.ReadLineAsync());

        var stopping = host.StopAsync();
        Assert.Contains("data: end", await reader.ReadToEndAsync().WaitAsync(s_patience), StringComparison.Ordinal);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(File.Exists(Path.Combine(host.DataOf("Hello"), "rest")));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(host.DataDirectory, "shadow")));
    }

    [Fact]
    public async Task A_lease_keeps_its_plugin_until_it_is_disposed()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Buttons", "Buttons");
        await host.StartAsync();
        using (var use = host.Registry.Use<IEditPageContributor>())
        {
            var (id, contributor) = Assert.Single(use.Items);
            Assert.Equal("Buttons", id);

            Directory.Delete(folder, recursive: true);
            await host.WaitForAsync("Buttons", PluginState.Stopping);
            using var late = host.Registry.Use<IEditPageContributor>();
            Assert.Empty(late.Items);
            Assert.Null(await contributor.FindPressAsync("none", CancellationToken.None));
            Assert.Equal(PluginState.Stopping, host.Find("Buttons")!.State);
        }

        await host.WaitForGoneAsync("Buttons");
    }

    /// <summary>A request that has reached its endpoint and whose body is not complete yet, by hand on a socket.</summary>
    private sealed class SlowRequest(TcpClient client)
    {
        public static async Task<SlowRequest> BeginAsync(PluginHost host)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /hello/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 8\r\n\r\nslow"));
            await FileSignal.WaitForAsync(host.DataOf("Hello"), "echo", "1.0.0");
            return new SlowRequest(client);
        }

        /// <returns>The status line, or what was wrong with the connection.</returns>
        public async Task<string?> FinishAsync()
        {
            using (client)
            {
                try
                {
                    await client.GetStream().WriteAsync("body"u8.ToArray());
                    using var reader = new StreamReader(client.GetStream());
                    return await reader.ReadLineAsync();
                }
                catch (IOException ex)
                {
                    return ex.Message;
                }
            }
        }
    }
}
