using System.Net;
using SampleHost.Loading;

namespace Loading.Tests;

/// <summary>Whatever is wrong with a plugin, it is listed with the reason and a remedy, and the host and the other plugins go on.</summary>
public sealed class FailedPluginTests(ManyFailures failures) : IClassFixture<ManyFailures>
{
    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_plugin_that_fails_is_listed_with_the_reason_and_a_remedy(string id, string reason)
    {
        var listing = failures.Host.Find(id)!;
        Assert.Equal(PluginState.Failed, listing.State);
        Assert.StartsWith(reason, listing.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(listing.Remedy!);
        Assert.Null(listing.LoadedAt);
        using var answer = await failures.Host.Client.GetAsync($"/throws/{id.Split('-')[^1]}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    public static TheoryData<string, string> Failures()
    {
        var data = new TheoryData<string, string>();
        foreach (var (id, reason) in ManyFailures.Reasons)
            data.Add(id, reason);
        return data;
    }

    [Fact]
    public async Task Beside_all_of_them_the_host_and_a_sound_plugin_go_on() => await AssertGoesOnAsync(failures.Host);

    [Fact]
    public async Task A_plugin_that_never_finishes_starting_is_given_up_and_the_host_starts()
    {
        await using var host = new PluginHost { Limits = new PluginLimits { Start = TimeSpan.FromSeconds(2) } };
        host.Put("Fixture.Throws", "Throws-NeverStarts");
        await host.StartAsync();

        var listing = host.Find("Throws-NeverStarts")!;
        Assert.Equal((PluginState.Failed, "StartAsync did not end within 2 seconds."), (listing.State, listing.Reason));
        using var answer = await host.Client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Rubbish_in_the_plugins_folder_is_passed_over_or_named()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        await File.WriteAllTextAsync(Path.Combine(host.PluginsDirectory, "read me.txt"), "rubbish");
        Directory.CreateDirectory(Path.Combine(host.PluginsDirectory, ".git"));
        Directory.CreateDirectory(Path.Combine(host.PluginsDirectory, "empty folder"));
        var cut = host.Put("Fixture.Hello", "Cut");
        await using (var dll = File.OpenWrite(Path.Combine(cut, "Fixture.Hello.dll")))
            dll.SetLength(dll.Length / 2);
        await host.StartAsync();

        Assert.Equal(["Cut", "Hello", "empty folder"], host.Registry.List().Select(listing => listing.Id));
        Assert.Equal("The folder has no plugin.json.", host.Find("empty folder")!.Reason);
        Assert.Equal(PluginState.Failed, host.Find("Cut")!.State);
        await AssertGoesOnAsync(host);
    }

    [Fact]
    public async Task A_background_task_that_breaks_is_reported_as_a_fault()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Throws", "Throws-BackgroundTask");
        await host.StartAsync();

        var listing = await host.WaitForAsync("Throws-BackgroundTask", seen => seen?.Faults.Count > 0);
        Assert.Equal(PluginState.Running, listing!.State);
        Assert.Contains("Fixture.Throws in BackgroundTask", Assert.Single(listing.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_that_throws_is_itself_a_fault()
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Throws", "Throws-Health");
        await host.StartAsync();

        Assert.Contains("Fixture.Throws in Health", Assert.Single(host.Find("Throws-Health")!.Faults).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StopAsync")]
    [InlineData("Dispose")]
    public async Task A_plugin_that_throws_while_stopping_is_stopped_all_the_same(string place)
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Throws", $"Throws-{place}");
        await host.StartAsync();
        Assert.Equal("answered", await host.Client.GetStringAsync($"/throws/{place}"));

        Directory.Delete(folder, recursive: true);
        await host.WaitForGoneAsync($"Throws-{place}");
        using var answer = await host.Client.GetAsync($"/throws/{place}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_failed_plugin_runs_once_its_folder_is_mended()
    {
        await using var host = new PluginHost();
        var folder = host.Put("Fixture.Hello", "Hello", manifest => manifest["entryAssembly"] = "Missing.dll");
        await host.StartAsync();
        Assert.Equal(PluginState.Failed, host.Find("Hello")!.State);

        PluginFolders.ChangeManifest(folder, manifest => manifest["entryAssembly"] = "Fixture.Hello.dll");
        await host.WaitForAsync("Hello", PluginState.Running);
        await AssertGoesOnAsync(host);
    }

    private static async Task AssertGoesOnAsync(PluginHost host)
    {
        Assert.Equal(PluginState.Running, host.Find("Hello")!.State);
        Assert.StartsWith("Hello 1.0.0", await host.Client.GetStringAsync("/hello"), StringComparison.Ordinal);
        using var answer = await host.Client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
