using Dam.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using SampleHost.Accounts;
using SampleHost.Files;
using SampleHost.Records;

namespace SampleHost.Api;

/// <summary><c>/api/records/{id}/files</c> and <c>/api/files</c></summary>
internal static class FileCalls
{
    public static void Map(IEndpointRouteBuilder api)
    {
        // Any size: the content goes straight to disk.
        api.MapPost("/records/{id:long}/files", AppendAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapPut("/files/{pid}/content", ReplaceAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapDelete("/files/{pid}", DeleteAsync);
        api.MapMethods("/files/{pid}/content", [HttpMethods.Get, HttpMethods.Head], DownloadAsync);
    }

    private static async Task<IResult> AppendAsync(long id, HttpContext context, Uploads uploads, RecordFiles files, RecordStore store, FileStore content)
    {
        // Asked before the body is read, so that nobody uploads a gigabyte only to be refused. The save asks again.
        var user = Caller.User(context);
        if (RecordAccess.Refuse(user, await store.FindAsync(id, context.RequestAborted)) is { } refusal)
            return Problems.From(refusal, id);
        var body = await uploads.ReadAsync(context);
        if (body.Files.Count == 0)
        {
            await content.ReleaseAsync(body.Files, saved: false);
            return Problems.BadRequest("Send at least one file as a part of a multipart/form-data body.");
        }

        var result = await files.AddAsync(id, body.Files, user, ChangeOrigin.Api, context.RequestAborted);
        if (result is not SaveResult.Saved saved)
            return Problems.From(result, id);
        RecordCalls.SetETag(context, saved.Record);
        return Results.Json(RecordView.From(saved.Record), ApiJson.Default.RecordView, statusCode: 201);
    }

    private static async Task<IResult> ReplaceAsync(string pid, HttpContext context, Uploads uploads, RecordFiles files, FileStore store)
    {
        var user = Caller.User(context);
        if (RecordAccess.Refuse(user, (await files.FindAsync(pid, context.RequestAborted))?.Record) is { } refusal)
            return Problems.From(refusal, null, pid);

        ReceivedFile received;
        var keepName = false;
        if (Uploads.IsMultipart(context.Request))
        {
            var body = await uploads.ReadAsync(context);
            if (body.Files.Count != 1)
            {
                await store.ReleaseAsync(body.Files, saved: false);
                return Problems.BadRequest($"Send exactly one file; {body.Files.Count} were sent.");
            }

            received = body.Files[0];
        }
        else
        {
            var name = Uploads.ReadDisposition(context.Request.Headers.ContentDisposition) is { } disposition ? Uploads.FileName(disposition) : "";
            keepName = name.Length == 0;
            received = await store.ReceiveAsync(name, context.Request.ContentType, context.Request.Body, context.RequestAborted);
        }

        var result = await files.ReplaceAsync(pid, received, keepName, user, ChangeOrigin.Api, context.RequestAborted);
        return result is SaveResult.Saved saved ? RecordCalls.Answer(context, result, saved.Record.Id) : Problems.From(result, null, pid);
    }

    private static async Task<IResult> DeleteAsync(string pid, HttpContext context, RecordFiles files)
    {
        var result = await files.DeleteAsync(pid, Caller.User(context), ChangeOrigin.Api, context.RequestAborted);
        return result is SaveResult.Saved ? Results.NoContent() : Problems.From(result, null, pid);
    }

    private static async Task<IResult> DownloadAsync(string pid, HttpContext context, RecordFiles files, FileStore store)
    {
        if (await files.FindAsync(pid, context.RequestAborted) is not { } found || !Rights.CanSee(Caller.User(context), found.Record))
            return Problems.NoFile(pid);
        var file = found.File;
        var headers = context.Response.Headers;
        // Whatever somebody uploaded must not run as a page of this site: no guessing of types, no scripts, no frames.
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-cache";
        var inline = MediaTypes.IsSafeInline(file.MediaType) && !context.Request.Query.ContainsKey("download");
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        return Results.Stream(
            store.OpenRead(file.Sha256), file.MediaType, entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""), enableRangeProcessing: true);
    }
}
