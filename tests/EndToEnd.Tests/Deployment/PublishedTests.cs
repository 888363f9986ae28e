using System.Net.Http.Headers;
using System.Net.Http.Json;
using EndToEnd.Tests.Kill;

namespace EndToEnd.Tests.Deployment;

/// <summary>What <c>dotnet publish</c> lays out runs as it is, wherever it is started from.</summary>
[Collection("Publishing one project")]
public sealed class PublishedTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("dam-published-").FullName;

    private string Output => Path.Combine(_folder, "out");

    private string Program => Path.Combine(Output, "SampleHost.dll");

    // What is built already is published: that the build is right is the other tests' matter.
    public Task InitializeAsync() => Tool.RunAsync(
        "dotnet",
        ["publish", Path.Combine(HostProcess.Repository, "SampleHost"), "-c", HostProcess.Configuration, "--no-build", "--nologo", "-v", "quiet", "-o", Output]);

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_delivers_an_event_and_writes_nothing_but_its_data()
    {
        await using var receiver = await EventReceiver.StartAsync();
        var plugin = Path.Combine(Output, "plugins", "ApiWebhooks");
        Assert.False(File.Exists(Path.Combine(plugin, "config.json")), "The example names what exists in the demo only.");
        Assert.True(File.Exists(Path.Combine(plugin, "config.example.json")));
        await File.WriteAllTextAsync(
            Path.Combine(plugin, "config.json"),
            $$"""{ "hooks": [ { "label": "Index", "dialect": "standard", "url": "{{receiver.Address}}" } ], "network": { "allow": ["{{receiver.Address.Authority}}"] } }""");
        var data = Directory.CreateDirectory(Path.Combine(_folder, "state", "data")).FullName;
        var published = Files();

        await Tool.RunAsync("dotnet", [Program, "users", "add", "mara", "--role", "editor", "--Host:DataDirectory", data], input: "a good password\n");
        var key = await Tool.RunAsync("dotnet", [Program, "keys", "add", "importer", "--user", "mara", "--Host:DataDirectory", data]);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;
        await using (var host = await HostProcess.StartAsync(new HostProcessOptions
        {
            Program = Program, WorkingDirectory = elsewhere, Folder = Path.GetDirectoryName(data), Environment = "Production", WithApiWebhooks = false,
        }))
        {
            host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim().Split('\n')[^1]);
            using var saved = await host.Client.PostAsJsonAsync("/api/records", new { title = "From the published folder" });
            saved.EnsureSuccessStatusCode();
            Assert.Empty(await receiver.WaitForAsync(["From the published folder"], s_patience));
            Assert.Equal(0, await host.StopAsync());
        }

        Assert.Equal(published, Files());
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
