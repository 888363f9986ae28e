using Dam.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using SampleHost.Accounts;
using SampleHost.Files;
using SampleHost.Records;
using SampleHost.Workflow;

namespace SampleHost.Api;

/// <summary><c>/api/records</c></summary>
internal static class RecordCalls
{
    private const int DefaultLimit = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        // Any size: the content of files goes straight to disk.
        api.MapPost("/records", InsertAsync).WithMetadata(new DisableRequestSizeLimitAttribute());
        api.MapGet("/records", ListAsync);
        api.MapGet("/records/{id:long}", ReadAsync);
        api.MapPatch("/records/{id:long}", UpdateAsync);
        api.MapDelete("/records/{id:long}", DeleteAsync);
        api.MapPost("/records/{id:long}/publish", (long id, HttpContext context, RecordSaver saver) => PublishAsync(id, true, context, saver));
        api.MapPost("/records/{id:long}/unpublish", (long id, HttpContext context, RecordSaver saver) => PublishAsync(id, false, context, saver));
        api.MapPost("/records/{id:long}/workflow/{eventName}", RaiseAsync);
    }

    private static async Task<IResult> InsertAsync(HttpContext context, Uploads uploads, RecordSaver saver, FileStore store)
    {
        // Asked before the body is read, so that nobody uploads a gigabyte only to be refused. The save asks again.
        var user = Caller.User(context);
        if (!Rights.CanInsertSomewhere(user))
            return Problems.Forbidden($"The user {user.Name} may not create records; it takes the role {Roles.Editor}.");
        var body = await uploads.ReadAsync(context);
        var (request, refusal) = ReadInsert(body, user);
        if (request is null)
        {
            await store.ReleaseAsync(body.Files, saved: false);
            return refusal!;
        }

        var result = await saver.InsertAsync(request, context.RequestAborted);
        if (result is not SaveResult.Saved saved)
            return Problems.From(result, null);
        SetETag(context, saved.Record);
        return Results.Json(RecordView.From(saved.Record), ApiJson.Default.RecordView, statusCode: 201)
            .WithLocation(context, $"{HostApi.Root}/records/{saved.Record.Id}");
    }

    private static (InsertRequest? Request, IResult? Refusal) ReadInsert(ReceivedBody body, HostUser user)
    {
        if (body.Json is not { } json)
            return (null, Problems.BadRequest("Send the record as a JSON body, or as the part 'record' of a multipart body, such as {\"title\":\"A title\"}."));
        var (input, fault) = JsonInput.Parse(json);
        if (input is null)
            return (null, Problems.BadRequest(fault!));

        var fields = input.Fields("fields");
        if (input.Text("title") is { } title)
            fields["title"] = [title];
        var request = new InsertRequest(user, ChangeOrigin.Api)
        {
            Type = input.Text("type") ?? InsertRequest.DefaultType,
            Fields = fields,
            Language = input.Text("language"),
            Private = input.Bool("private") ?? false,
            Draft = input.Bool("draft") ?? false,
            Collection = input.Text("collection"),
            ParentId = input.Number("parentId"),
            Files = body.Files,
        };
        input.RefuseUnknown();
        return input.Errors.Count > 0 ? (null, Problems.Invalid(input.Errors)) : (request, null);
    }

    private static async Task<IResult> ListAsync(HttpContext context, RecordStore store)
    {
        if (!Paging.TryRead(context.Request, DefaultLimit, RecordQuery.HighestLimit, out var after, out var limit, out var fault))
            return Problems.BadRequest(fault);
        var query = new RecordQuery(context.Request.Query["q"], after, limit, Caller.User(context), context.Request.Query["type"].FirstOrDefault(type => type?.Length > 0));
        var page = await store.SearchAsync(query, context.RequestAborted);
        return Results.Json(new RecordPageView(page.Records.Select(RecordView.From).ToList(), page.Next), ApiJson.Default.RecordPageView);
    }

    private static async Task<IResult> ReadAsync(long id, HttpContext context, RecordStore store)
    {
        if (await store.FindNamedAsync(id, Caller.User(context), context.RequestAborted) is not { } record)
            return Problems.NoRecord(id);
        SetETag(context, record);
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Tag == ETag(record))
            ? Results.StatusCode(304)
            : Results.Json(RecordView.From(record), ApiJson.Default.RecordView);
    }

    private static async Task<IResult> UpdateAsync(long id, HttpContext context, Uploads uploads, RecordSaver saver)
    {
        if (await uploads.ReadJsonOnlyAsync(context) is not { } json)
            return Problems.BadRequest("Send the changes as a JSON body, such as {\"fields\":{\"keywords\":[\"harbour\"]}}. Files go to /files.");
        if (!TryReadIfMatch(context.Request, out var expected))
            return Problems.BadRequest("The header If-Match holds no version. Send the ETag of the record as it was read, such as \"3\".");
        var (input, fault) = JsonInput.Parse(json);
        if (input is null)
            return Problems.BadRequest(fault!);

        var fields = input.Fields("fields");
        if (input.Text("title") is { } title)
            fields["title"] = [title];
        var request = new UpdateRequest(id, Caller.User(context), ChangeOrigin.Api)
        {
            ExpectedVersion = expected,
            Fields = fields,
            Private = input.Bool("private"),
            Draft = input.Bool("draft"),
            MoveTo = input.Has("collection") ? new Destination(input.Text("collection")) : null,
        };
        input.RefuseUnknown();
        return input.Errors.Count > 0
            ? Problems.Invalid(input.Errors)
            : Answer(context, await saver.UpdateAsync(request, context.RequestAborted), id);
    }

    private static async Task<IResult> DeleteAsync(long id, HttpContext context, RecordSaver saver)
    {
        if (!TryReadIfMatch(context.Request, out var expected))
            return Problems.BadRequest("The header If-Match holds no version. Send the ETag of the record as it was read, such as \"3\".");
        var result = await saver.DeleteAsync(id, Caller.User(context), ChangeOrigin.Api, expected, context.RequestAborted);
        return result is SaveResult.Saved ? Results.NoContent() : Problems.From(result, id);
    }

    private static async Task<IResult> PublishAsync(long id, bool published, HttpContext context, RecordSaver saver) =>
        Answer(context, await saver.SetPublishedAsync(id, published, Caller.User(context), ChangeOrigin.Api, context.RequestAborted), id);

    private static async Task<IResult> RaiseAsync(long id, string eventName, HttpContext context, Uploads uploads, RecordWorkflow workflow)
    {
        DateTimeOffset? at = null;
        // A body is needed only by a step that schedules; whatever else callers send with a step counts for nothing.
        if (await uploads.ReadJsonOnlyAsync(context) is { Length: > 0 } json)
        {
            var (input, fault) = JsonInput.Parse(json);
            if (input is null)
                return Problems.BadRequest(fault!);
            at = input.Instant("at");
            if (input.Errors.Count > 0)
                return Problems.Invalid(input.Errors);
        }

        return Answer(context, await workflow.RaiseAsync(id, eventName, Caller.User(context), ChangeOrigin.Api, context.RequestAborted, at), id);
    }

    /// <summary>The record after a save with 200, or the problem.</summary>
    internal static IResult Answer(HttpContext context, SaveResult result, long id)
    {
        if (result is not SaveResult.Saved saved)
            return Problems.From(result, id);
        SetETag(context, saved.Record);
        return Results.Json(RecordView.From(saved.Record), ApiJson.Default.RecordView);
    }

    internal static void SetETag(HttpContext context, RecordSnapshot record) => context.Response.Headers.ETag = ETag(record);

    private static string ETag(RecordSnapshot record) => $"\"{record.Version}\"";

    /// <returns>False when the header is there but names no version; <c>*</c> stands for any.</returns>
    private static bool TryReadIfMatch(HttpRequest request, out long? version)
    {
        version = null;
        var header = request.Headers[HeaderNames.IfMatch].ToString().Trim();
        if (header is "" or "*")
            return true;
        var text = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        if (!long.TryParse(text.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            return false;
        version = number;
        return true;
    }

    private static IResult WithLocation(this IResult result, HttpContext context, string location)
    {
        context.Response.Headers.Location = location;
        return result;
    }
}
