using System.Net;
using System.Text.Json.Nodes;
using SampleHost.Plugins;

namespace Host.Tests.Plugins;

/// <summary>Whatever is wrong with a plugin, it is listed with the reason and a remedy, and the host and the other plugins go on.</summary>
public sealed class FailedPluginTests
{
    [Theory]
    [InlineData("Constructor", "The constructor of ThrowsPlugin threw InvalidOperationException: Fixture.Throws in Constructor")]
    [InlineData("ConfigureServices", "ConfigureServices threw InvalidOperationException: Fixture.Throws in ConfigureServices")]
    [InlineData("Missing", "Building the plugin's services threw AggregateException")]
    [InlineData("SaveHook", "Building the plugin's services threw InvalidOperationException: Fixture.Throws in SaveHook")]
    [InlineData("MapEndpoints", "MapEndpoints threw InvalidOperationException: Fixture.Throws in MapEndpoints")]
    [InlineData("HostRoute", "The endpoint \"GET /healthz\" is already answered by the host.")]
    [InlineData("OtherPluginsRoute", "The endpoint \"GET /HELLO/greetings/{other}\" is already answered by plugin Hello.")]
    [InlineData("OwnRoute", "The endpoint \"GET /throws/OwnRoute\" is already answered by the plugin itself.")]
    [InlineData("StartAsync", "StartAsync threw InvalidOperationException: Fixture.Throws in StartAsync")]
    [InlineData("HostedService", "Starting the hosted services threw InvalidOperationException: Fixture.Throws in HostedService")]
    public async Task A_plugin_that_fails_to_start_is_listed_with_the_place_and_answers_nowhere(string place, string reason)
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        host.Put("Fixture.Throws", $"Throws-{place}");
        await host.StartAsync();

        var listing = host.Find($"Throws-{place}")!;
        Assert.Equal(PluginState.Failed, listing.State);
        Assert.StartsWith(reason, listing.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(listing.Remedy!);
        Assert.Equal("1.0.0", listing.Version);
        await AssertGoesOnAsync(host);
        using var answer = await host.Client.GetAsync($"/throws/{place}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

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

    [Theory]
    [InlineData("{", "plugin.json is not a valid manifest")]
    [InlineData("null", "plugin.json is not a valid manifest: it holds only null")]
    [InlineData("[1]", "plugin.json is not a valid manifest")]
    [InlineData("""{ "id": "Hello2" }""", "plugin.json is not a valid manifest: JSON deserialization for type 'Dam.Hosting.PluginManifest' was missing required properties")]
    [InlineData("""{ "id": "Hello2", "version": null, "entryAssembly": "x.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "plugin.json is not a valid manifest")]
    [InlineData("""{ "id": "Hello2", "version": "one", "entryAssembly": "x.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "plugin.json: version \"one\" is not major.minor.patch.")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "x.dll", "hostApi": {"lowest": "1", "highest": "x"} }""", "plugin.json: hostApi \"1\" to \"x\" are not versions.")]
    [InlineData("""{ "id": "Other", "version": "1.0.0", "entryAssembly": "x.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "plugin.json: id \"Other\" is not the folder's name \"Hello2\".")]
    [InlineData("""{ "id": "../x", "version": "1.0.0", "entryAssembly": "x.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "plugin.json: id \"../x\" has characters")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "../x.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "plugin.json: entryAssembly \"../x.dll\" is not a plain file name.")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "x.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "The entry assembly x.dll is not in the folder.")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "Greeting.dll", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "Greeting.dll has no public class that implements IHostPlugin")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "Fixture.Hello.deps.json", "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "Fixture.Hello.deps.json is not a .NET assembly")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "Fixture.Hello.dll", "hostApi": {"lowest": "0.1", "highest": "0.9"} }""", "The plugin is built for host API 0.1 to 0.9; this host offers 1.0.")]
    [InlineData("""{ "id": "Hello2", "version": "1.0.0", "entryAssembly": "Fixture.Hello.dll", "isolate": ["host.abstractions"], "hostApi": {"lowest": "1.0", "highest": "1.0"} }""", "plugin.json: isolate names host.abstractions")]
    public async Task A_faulty_manifest_is_listed_with_what_is_wrong_in_it(string manifest, string reason)
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        var folder = host.Put("Fixture.Hello", "Hello2");
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.json"), manifest);
        await host.StartAsync();

        var listing = host.Find("Hello2")!;
        Assert.Equal(PluginState.Failed, listing.State);
        Assert.StartsWith(reason, listing.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(listing.Remedy!);
        await AssertGoesOnAsync(host);
    }

    [Theory]
    [InlineData("Fixture.FutureApi", "FutureApi", "The plugin is built for host API 99.0 to 99.5; this host offers 1.0.")]
    [InlineData("Fixture.Twice", "Twice", "Fixture.Twice.dll has more than one IHostPlugin: Fixture.Twice.FirstPlugin, Fixture.Twice.SecondPlugin.")]
    public async Task A_plugin_for_another_host_or_with_two_entry_points_never_runs(string project, string id, string reason)
    {
        await using var host = new PluginHost();
        host.Put("Fixture.Hello", "Hello");
        host.Put(project, id);
        await host.StartAsync();

        Assert.Equal((PluginState.Failed, reason), (host.Find(id)!.State, host.Find(id)!.Reason));
        await AssertGoesOnAsync(host);
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
