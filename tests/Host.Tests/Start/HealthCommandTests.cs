using SampleHost.Start;

namespace Host.Tests.Start;

/// <summary>The command by which a container asks its own host how it is.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task It_ends_with_0_when_the_host_is_ready_and_only_then()
    {
        var host = await RunningHost.StartAsync();
        await using var own = new Disposing(host);
        var (code, output, _) = await RunAsync(host.BaseUri.ToString());
        Assert.Equal(0, code);
        Assert.Contains("\"ready\"", output, StringComparison.Ordinal);
        // Found as the host itself finds where to listen.
        Assert.Equal(0, (await RunAsync("--urls", $"http://*:{host.BaseUri.Port}")).Code);

        await host.Get<SampleHost.Storage.Database>().DisposeAsync();
        Assert.Equal(1, (await RunAsync(host.BaseUri.ToString())).Code);
        await host.StopAsync();
        var (gone, _, error) = await RunAsync(host.BaseUri.ToString());
        Assert.Equal(1, gone);
        Assert.Contains("does not answer", error, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("no address")).Code);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.RunAsync(["health", .. args], TextReader.Null, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
