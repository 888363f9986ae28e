using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Deployment;

/// <summary>
/// A container registry on this machine with one image, from which the SDK takes its base: images are built and looked into without any network.
/// The image says of itself what Microsoft's says, and holds nothing.
/// </summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    private readonly WebApplication _app;
    private readonly Dictionary<string, (string Type, byte[] Content)> _blobs = [];
    private readonly byte[] _manifest;

    private BaseImageRegistry(WebApplication app)
    {
        _app = app;
        var (layer, diffId) = MakeLayer();
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Env = new[] { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "APP_UID=1654", "ASPNETCORE_HTTP_PORTS=8080" } },
            rootfs = new { type = "layers", diff_ids = new[] { diffId } },
            history = new[] { new { created = "2026-01-01T00:00:00Z", created_by = "test" } },
        });
        _manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = Add(ConfigType, config),
            layers = new[] { Add(LayerType, layer) },
        });
    }

    /// <summary>The image's name, as the SDK wants it.</summary>
    public string Image => $"localhost:{new Uri(_app.Urls.First()).Port}/base:1";

    public static async Task<BaseImageRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var registry = new BaseImageRegistry(builder.Build());
        registry._app.MapGet("/v2/", () => Results.Ok());
        registry._app.MapGet("/v2/base/manifests/{reference}", () => Results.Bytes(registry._manifest, ManifestType));
        registry._app.MapGet("/v2/base/blobs/{digest}", (string digest) =>
            registry._blobs.TryGetValue(digest, out var blob) ? Results.Bytes(blob.Content, blob.Type) : Results.NotFound());
        await registry._app.StartAsync();
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private object Add(string type, byte[] content)
    {
        var digest = DigestOf(content);
        _blobs[digest] = (type, content);
        return new { mediaType = type, size = content.Length, digest };
    }

    private static (byte[] Layer, string DiffId) MakeLayer()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/base") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("base")) });
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
            zip.Write(tar.ToArray());
        return (zipped.ToArray(), DigestOf(tar.ToArray()));
    }

    private static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}
