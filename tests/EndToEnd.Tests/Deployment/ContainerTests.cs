using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace EndToEnd.Tests.Deployment;

/// <summary>The container image that the SDK makes of the host. It is looked into and not run: for that a machine needs containers and Microsoft's base image.</summary>
[Collection("Publishing one project")]
public sealed class ContainerTests : IDisposable
{
    private const int User = 1654;

    private readonly string _folder = Directory.CreateTempSubdirectory("dam-container-").FullName;

    private string Published => Path.Combine(_folder, "out");

    private string Archive => Path.Combine(_folder, "image.tar.gz");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_image_holds_host_and_plugin_belongs_to_a_user_and_has_places_for_volumes()
    {
        await using var registry = await BaseImageRegistry.StartAsync();
        await PublishAsync(registry);

        var image = await ReadAsync();
        var config = image.Config.GetProperty("config");
        Assert.Equal(["dotnet", "/app/SampleHost.dll"], config.GetProperty("Entrypoint").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal($"{User}", config.GetProperty("User").GetString());
        Assert.Equal("8080/tcp", Assert.Single(config.GetProperty("ExposedPorts").EnumerateObject()).Name);
        Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", config.GetProperty("Env").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal("Sample DAM", config.GetProperty("Labels").GetProperty("org.opencontainers.image.title").GetString());

        Assert.Contains("app/SampleHost.dll", image.Files);
        Assert.Contains("app/plugins/ApiWebhooks/Plugin.ApiWebhooks.dll", image.Files);
        Assert.Contains("app/plugins/ApiWebhooks/plugin.json", image.Files);
        Assert.DoesNotContain("app/plugins/ApiWebhooks/config.json", image.Files);
        Assert.Equal(User, image.OwnerOfFolder["app/App_Data"]);
        Assert.Equal(User, image.OwnerOfFolder["app/files"]);
        Assert.DoesNotContain(image.Files, file => file.StartsWith("app/App_Data/", StringComparison.Ordinal) || file.StartsWith("app/files/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_in_which_a_host_ran_is_no_image()
    {
        string[] left = ["App_Data/host.db", "files/ab/cd/content", "plugins/ApiWebhooks/config.json"];
        foreach (var file in left.Select(name => Path.Combine(Published, name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "private");
        }

        await using var registry = await BaseImageRegistry.StartAsync();
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync(registry));
        Assert.All(left, name => Assert.Contains(name, refusal.Message, StringComparison.Ordinal));
        Assert.False(File.Exists(Archive));
    }

    private Task<string> PublishAsync(BaseImageRegistry registry) => Tool.RunAsync(
        "dotnet",
        [
            "publish", Path.Combine(HostProcess.Repository, "SampleHost"), "-c", HostProcess.Configuration, "--no-build", "--nologo", "-v", "quiet", "-t:PublishContainer",
            $"-p:PublishDir={Published}/", $"-p:ContainerBaseImage={registry.Image}", $"-p:ContainerArchiveOutputPath={Archive}",
        ]);

    /// <summary>Reads the archive: its index names the manifest, which names the configuration and, last of its layers, ours.</summary>
    private async Task<Image> ReadAsync()
    {
        var parts = new Dictionary<string, byte[]>();
        await using (var tar = new TarReader(File.OpenRead(Archive)))
        {
            while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
            {
                if (entry.DataStream is not { } data)
                    continue;
                using var content = new MemoryStream();
                await data.CopyToAsync(content);
                parts[entry.Name] = content.ToArray();
            }
        }

        var manifest = Parse(Blob(Parse(parts["index.json"]).GetProperty("manifests")[0]));
        var (files, owners) = (new List<string>(), new Dictionary<string, int>());
        await using var layer = new TarReader(new GZipStream(new MemoryStream(Blob(manifest.GetProperty("layers").EnumerateArray().Last())), CompressionMode.Decompress));
        while (await layer.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory)
                owners[entry.Name.TrimEnd('/')] = entry.Uid;
            else
                files.Add(entry.Name);
        }

        return new Image(Parse(Blob(manifest.GetProperty("config"))), files, owners);

        byte[] Blob(JsonElement descriptor) => parts["blobs/" + descriptor.GetProperty("digest").GetString()!.Replace(':', '/')];
    }

    private static JsonElement Parse(byte[] json) => JsonDocument.Parse(Encoding.UTF8.GetString(json)).RootElement;

    private sealed record Image(JsonElement Config, IReadOnlyList<string> Files, IReadOnlyDictionary<string, int> OwnerOfFolder);
}
