using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Pages;

/// <summary>Styles and scripts of the pages: the files of <c>Pages/Assets</c>, embedded, each under an address that names its content.</summary>
internal sealed class PageAssets : IDoor
{
    private const string Prefix = "assets/";
    private const string Kept = "public, max-age=31536000, immutable";

    private static readonly Dictionary<string, Asset> All = Read();

    /// <summary>The address of the style that every page has.</summary>
    public static string Style { get; } = Href("webhooks.css");

    /// <summary>The address of an asset.</summary>
    /// <param name="name">The file's name, such as <c>webhooks.css</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static string Href(string name) => $"{PageDrawing.Root}/{Prefix}{name}?v={All[name].Version}";

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods($"{PageDrawing.Root}/{Prefix}{{name}}", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)ServeAsync);

    private static Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        if (!All.TryGetValue(context.Request.RouteValues["name"]?.ToString() ?? "", out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        response.ContentType = asset.ContentType;
        response.ContentLength = asset.Bytes.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = context.Request.Query["v"] == asset.Version ? Kept : "no-cache";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(asset.Bytes, context.RequestAborted).AsTask();
    }

    private static Dictionary<string, Asset> Read()
    {
        var assembly = typeof(PageAssets).Assembly;
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var type = resource.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript; charset=utf-8" : "text/css; charset=utf-8";
            assets.Add(resource[Prefix.Length..], new Asset(bytes.ToArray(), type, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..12]));
        }
        return assets;
    }

    private sealed record Asset(byte[] Bytes, string ContentType, string Version);
}
