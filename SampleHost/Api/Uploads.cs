using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SampleHost.Files;

namespace SampleHost.Api;

/// <summary>The body of a call, read to its end.</summary>
/// <param name="Json">The JSON body, or the part <c>record</c>; null when there is none.</param>
/// <param name="Files">Files received and held: hand them to a save or release them.</param>
internal sealed record ReceivedBody(ReadOnlyMemory<byte>? Json, IReadOnlyList<ReceivedFile> Files);

/// <summary>Reads bodies of calls: JSON into memory, files straight to disk, whatever their length.</summary>
internal sealed class Uploads(FileStore store)
{
    /// <summary>The most a JSON body may hold, in bytes.</summary>
    public const int LongestJson = 8 * 1024 * 1024;

    private const int MostFiles = 1_000;
    private const string RecordPart = "record";

    /// <exception cref="BadHttpRequestException">The body is not what the call takes; the message says what to send.</exception>
    public async Task<ReceivedBody> ReadAsync(HttpContext context)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed : null;
        if (type is null && context.Request.ContentLength is null or 0 && !context.Request.Headers.ContainsKey(HeaderNames.TransferEncoding))
            return new ReceivedBody(null, []);
        if (type?.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
            return await ReadMultipartAsync(context, Boundary(type));
        if (type is null || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            return new ReceivedBody(await ReadJsonAsync(context.Request.Body, context.RequestAborted), []);
        throw new BadHttpRequestException($"The content type {type.MediaType} is not understood here. Send application/json or multipart/form-data.", 415);
    }

    /// <summary>The JSON body of a call that takes no files, or null when there is none.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadJsonOnlyAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        if (body.Files.Count > 0)
            await store.ReleaseAsync(body.Files, saved: false);
        return body.Json;
    }

    public static bool IsMultipart(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    private async Task<ReceivedBody> ReadMultipartAsync(HttpContext context, string boundary)
    {
        ReadOnlyMemory<byte>? json = null;
        var files = new List<ReceivedFile>();
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                var disposition = ReadDisposition(section.ContentDisposition);
                if (files.Count >= MostFiles)
                    throw new BadHttpRequestException($"More than {MostFiles} files in one request. Send them in several.", 413);
                if (IsFile(disposition))
                    files.Add(await store.ReceiveAsync(FileName(disposition!), section.ContentType, section.Body, context.RequestAborted));
                else if (HeaderUtilities.RemoveQuotes(disposition?.Name ?? default) == RecordPart)
                    json = await ReadJsonAsync(section.Body, context.RequestAborted);
                else
                    throw new BadHttpRequestException($"The part '{disposition?.Name}' is neither a file nor the part '{RecordPart}' with the record's JSON.");
            }

            return new ReceivedBody(json, files);
        }
        catch (Exception exception)
        {
            await store.ReleaseAsync(files, saved: false);
            // What the multipart reader throws for a body that ends too soon or breaks its own rules is the sender's fault, not ours.
            if (exception is InvalidDataException || exception is IOException and not BadHttpRequestException && !DiskFull.Is(exception))
                throw new BadHttpRequestException($"The multipart body cannot be read: {exception.Message} Nothing was saved.", exception);
            throw;
        }
    }

    private static bool IsFile(ContentDispositionHeaderValue? disposition) =>
        disposition is not null && (disposition.FileName.HasValue || disposition.FileNameStar.HasValue);

    /// <summary>The name in a Content-Disposition, decoded; not yet safe.</summary>
    public static string FileName(ContentDispositionHeaderValue disposition) =>
        disposition.FileNameStar.HasValue
            ? disposition.FileNameStar.ToString()
            : HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).ToString();

    /// <summary>Parses a Content-Disposition, also one that a careless or hostile sender put control characters into.</summary>
    public static ContentDispositionHeaderValue? ReadDisposition(string? header)
    {
        if (ContentDispositionHeaderValue.TryParse(header, out var disposition))
            return disposition;
        var cleaned = new StringBuilder();
        foreach (var c in (header ?? "").Where(c => !char.IsControl(c)))
            cleaned.Append(c);
        return ContentDispositionHeaderValue.TryParse(cleaned.ToString(), out disposition) ? disposition : null;
    }

    private static string Boundary(MediaTypeHeaderValue type)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= 200
            ? boundary.ToString()
            : throw new BadHttpRequestException("The content type multipart/form-data names no usable boundary.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadJsonAsync(Stream body, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > LongestJson)
                throw new BadHttpRequestException($"The JSON is longer than {LongestJson / 1024 / 1024} MB. Send large content as a file.", 413);
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }
}
