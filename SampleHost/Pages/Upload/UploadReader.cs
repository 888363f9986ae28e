using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SampleHost.Files;
using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Upload;

/// <summary>How an upload ended: one of the nested records.</summary>
internal abstract record UploadResult
{
    private UploadResult()
    {
    }

    /// <summary>Every file is on disk. Hand them to a save, or release them.</summary>
    public sealed record Received(IReadOnlyList<ReceivedFile> Files) : UploadResult;

    /// <summary>The form was not drawn by this host for this user.</summary>
    public sealed record BadToken : UploadResult;

    /// <summary>It cannot be taken; nothing of it is kept.</summary>
    public sealed record Refused(string Reason, int Status) : UploadResult;
}

/// <summary>
/// Takes in uploads of any size: each part streams to disk as it arrives. The antiforgery token is the first part (or a header), so that
/// nothing is stored for a form that this host did not draw.
/// </summary>
internal sealed partial class UploadReader(PostedForms forms, FileStore store, ILogger<UploadReader> log)
{
    private const int LongestToken = 8 * 1024;
    private const int LongestBoundary = 200;

    public async Task<UploadResult> ReadAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= LongestBoundary } boundary)
            return new UploadResult.Refused("The upload is not a multipart form.", StatusCodes.Status400BadRequest);

        var received = new List<ReceivedFile>();
        var taken = false;
        try
        {
            var reader = new MultipartReader(boundary.ToString(), context.Request.Body);
            var result = await ReadPartsAsync(context, reader, received);
            taken = result is UploadResult.Received;
            return result;
        }
        catch (Exception ex) when (DiskFull.Is(ex))
        {
            LogDiskFull(log, ex);
            return new UploadResult.Refused("There is not enough room left on the server's disk for this upload. Nothing of it was kept.", StatusCodes.Status507InsufficientStorage);
        }
        catch (Exception ex) when (ex is IOException or InvalidDataException)
        {
            LogCutOff(log, ex.Message);
            return new UploadResult.Refused("The upload broke off half way. Nothing of it was kept; please send it again.", StatusCodes.Status400BadRequest);
        }
        finally
        {
            if (!taken)
                await store.ReleaseAsync(received, saved: false);
        }
    }

    private async Task<UploadResult> ReadPartsAsync(HttpContext context, MultipartReader reader, List<ReceivedFile> received)
    {
        // A script may send the token as a header; the check then reads nothing of the body.
        var isTrusted = context.Request.Headers.ContainsKey(forms.TokenHeader) && await forms.IsTokenGoodAsync(context, null);
        while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } part)
        {
            if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
                continue;
            if (disposition.IsFormDisposition() && HeaderUtilities.RemoveQuotes(disposition.Name) == forms.TokenField)
            {
                isTrusted = isTrusted || await forms.IsTokenGoodAsync(context, await ReadTokenAsync(part));
                continue;
            }

            if (!isTrusted)
                return new UploadResult.BadToken();
            // A file box that was left empty is sent as a part without a name.
            if (FileNameOf(disposition) is { Length: > 0 } name)
                received.Add(await store.ReceiveAsync(name, part.ContentType, part.Body, context.RequestAborted));
        }

        if (!isTrusted)
            return new UploadResult.BadToken();
        return received.Count > 0
            ? new UploadResult.Received(received)
            : new UploadResult.Refused("No file was chosen.", StatusCodes.Status422UnprocessableEntity);
    }

    private static string? FileNameOf(ContentDispositionHeaderValue disposition) =>
        disposition.IsFileDisposition()
            ? HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString()
            : null;

    private static async Task<string> ReadTokenAsync(MultipartSection part)
    {
        var buffer = new byte[LongestToken];
        var length = await part.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    [LoggerMessage(2201, LogLevel.Error, "An upload did not fit on the disk")]
    private static partial void LogDiskFull(ILogger logger, Exception exception);

    [LoggerMessage(2202, LogLevel.Information, "An upload broke off: {Reason}")]
    private static partial void LogCutOff(ILogger logger, string reason);
}
