using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>What a loaded plugin gets from the loader.</summary>
public sealed class LoadingTests
{
    [Fact]
    public async Task Hello_answers_with_its_private_dependency_its_native_library_and_its_own_scope()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        await host.StartAsync();

        var listing = host.Find("Hello");
        Assert.Equal((PluginState.Running, null, "1.0.0"), (listing!.State, listing.Reason, listing.Version));
        Assert.StartsWith("Hello 1.0.0, greeting one, sqlite 3.", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);
        // The host has a library of that name too, but this one is the plugin's.
        if (OperatingSystem.IsLinux())
            Assert.Contains(await File.ReadAllLinesAsync("/proc/self/maps"), line => line.Contains($"{host.DataDirectory}/shadow/", StringComparison.Ordinal) && line.EndsWith("libe_sqlite3.so", StringComparison.Ordinal));
        Assert.Equal("Fixture.Hello Hello True", await host.Client.GetStringAsync("/hello/scope"));
        Assert.Equal("<h1>Hello &lt;world&gt;</h1>", await host.Client.GetStringAsync("/hello/page"));
        Assert.Equal("""{"name":"you","text":"greeting one"}""", await host.Client.GetStringAsync("/hello/greetings/you"));
    }
}
