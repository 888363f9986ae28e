using Microsoft.Net.Http.Headers;
using SampleHost.Files;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.Pages.Upload;

/// <summary>Hands out the content of files, in parts where a browser asks for a part.</summary>
internal static class Download
{
    public static async Task<IResult> GetAsync(
        HttpContext context, string pid, string? v, string? download, RecordStore store, RecordFiles files, FileStore contents)
    {
        if (await UploadEndpoints.FindAsync(context, pid, store, files) is not { File: var file })
            return Troubles.NotFound(context);
        Stream content;
        try
        {
            content = contents.OpenRead(file.Sha256);
        }
        catch (IOException ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return Troubles.NotFound(context);
        }

        // Whoever may see it today may not tomorrow: kept by the browser alone. The address names the content.
        var isCurrent = v is { Length: > 0 } && file.Sha256.StartsWith(v, StringComparison.Ordinal);
        context.Response.Headers.CacheControl = isCurrent ? "private, max-age=86400" : "private, no-cache";
        var isInline = download is null && FileView.InlineImages.Contains(file.MediaType);
        // What is not a plain picture is never opened inside this site: it might carry a script.
        var disposition = new ContentDispositionHeaderValue(isInline ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        return Results.Stream(content, file.MediaType, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }
}
