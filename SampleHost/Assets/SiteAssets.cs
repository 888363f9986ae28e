using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace SampleHost.Assets;

/// <summary>Style, script and icon of the host's pages, embedded in its assembly. Their addresses name their content, so they are kept for ever.</summary>
internal sealed class SiteAssets
{
    private const string Prefix = "assets/";

    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, Asset> _assets = new(StringComparer.Ordinal);

    public SiteAssets()
    {
        var assembly = typeof(SiteAssets).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
            _assets[name[Prefix.Length..]] = Read(assembly, name);
    }

    /// <summary>The address of an asset.</summary>
    /// <param name="name">Its file name.</param>
    public string Href(string name) => $"/assets/{name}?v={_assets[name].Hash}";

    /// <summary>Answers <c>GET /assets/{name}</c>.</summary>
    public IResult Serve(HttpContext context, string name)
    {
        if (!_assets.TryGetValue(name, out var asset))
            return Results.NotFound();
        // An address with another hash was drawn by another build of the host: what it gets now may change.
        context.Response.Headers.CacheControl = context.Request.Query["v"] == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(asset.Content, asset.MediaType, entityTag: new EntityTagHeaderValue($"\"{asset.Hash}\""));
    }

    private static Asset Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(content, MediaTypes[Path.GetExtension(name)], Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
    }

    private sealed record Asset(byte[] Content, string MediaType, string Hash);
}
