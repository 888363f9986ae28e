using Dam.Hosting;
using Microsoft.AspNetCore.Http.Features;
using SampleHost.Files;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.Pages.Upload;

/// <summary>Addresses of files: adding, replacing, deleting.</summary>
internal static class UploadEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/upload", (HttpContext context, string? done, NewUpload page) => page.Get(context, SignedIn.User(context), done));
        pages.MapPost("/upload", (HttpContext context, NewUpload page) => page.PostAsync(context, SignedIn.User(context)));
        pages.MapPost("/upload/review/end", (HttpContext context, NewUpload page) => page.EndReviewAsync(context, SignedIn.User(context)));
        pages.MapGet("/records/{id:long}/files", async (HttpContext context, long id, string? done, RecordStore store) =>
            await DrawFilesAsync(context, id, store, Notices.For(done), StatusCodes.Status200OK));
        pages.MapPost("/records/{id:long}/files", AddAsync);
        pages.MapGet("/files/{pid}/replace", async (HttpContext context, string pid, RecordStore store, RecordFiles files) =>
            await DrawReplaceAsync(context, pid, store, files, null, StatusCodes.Status200OK));
        pages.MapPost("/files/{pid}/replace", ReplaceAsync);
        pages.MapGet("/files/{pid}/delete", AskDeleteAsync);
        pages.MapPost("/files/{pid}/delete", DeleteAsync);
        pages.MapGet("/files/{pid}/content", Download.GetAsync);
    }

    private static async Task<IResult> AddAsync(HttpContext context, long id, RecordStore store, RecordFiles files, UploadReader uploads)
    {
        var user = SignedIn.User(context);
        if (await store.FindVisibleAsync(id, user, context.RequestAborted) is not { } record)
            return Troubles.Gone(context, []);
        if (!store.CanEdit(user, record))
            return Troubles.MayNotEdit(context, record, []);
        AllowAnySize(context);
        switch (await uploads.ReadAsync(context))
        {
            case UploadResult.Received received:
                var result = await files.AddAsync(id, received.Files, user, ChangeOrigin.Page, context.RequestAborted);
                return RecordEndpoints.Answer(context, id, result, "uploaded", $"/records/{id}/files");
            case UploadResult.Refused refused:
                return await DrawFilesAsync(context, id, store, NotTaken(refused.Reason), refused.Status);
            default:
                return await DrawFilesAsync(context, id, store, NotTaken(OpenTooLong), StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> ReplaceAsync(
        HttpContext context, string pid, RecordStore store, RecordFiles files, UploadReader uploads, FileStore contents)
    {
        var user = SignedIn.User(context);
        if (await FindAsync(context, pid, store, files) is not { } stored)
            return Troubles.NotFound(context);
        if (!store.CanEdit(user, stored.Record))
            return Troubles.MayNotEdit(context, stored.Record, []);
        AllowAnySize(context);
        switch (await uploads.ReadAsync(context))
        {
            case UploadResult.Received { Files: [var file] }:
                var result = await files.ReplaceAsync(pid, file, keepName: false, user, ChangeOrigin.Page, context.RequestAborted);
                return RecordEndpoints.Answer(context, stored.Record.Id, result, "replaced", $"/records/{stored.Record.Id}/files");
            case UploadResult.Received several:
                await contents.ReleaseAsync(several.Files, saved: false);
                return await DrawReplaceAsync(context, pid, store, files, NotTaken("Choose one file to take this one's place."), StatusCodes.Status422UnprocessableEntity);
            case UploadResult.Refused refused:
                return await DrawReplaceAsync(context, pid, store, files, NotTaken(refused.Reason), refused.Status);
            default:
                return await DrawReplaceAsync(context, pid, store, files, NotTaken(OpenTooLong), StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<IResult> AskDeleteAsync(HttpContext context, string pid, RecordStore store, RecordFiles files)
    {
        if (await FindAsync(context, pid, store, files) is not { } stored)
            return Troubles.NotFound(context);
        if (!store.CanEdit(SignedIn.User(context), stored.Record))
            return Troubles.MayNotEdit(context, stored.Record, []);
        return Page.Show<ConfirmPage, ConfirmView>(context, new ConfirmView
        {
            Question = $"Delete the file “{stored.File.Name}”?",
            Text = $"It is removed from “{stored.Record.Title}” for good.",
            Action = $"/files/{pid}/delete",
            Yes = "Delete file",
            BackHref = $"/records/{stored.Record.Id}/files",
        });
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string pid, RecordStore store, RecordFiles files, PostedForms forms)
    {
        if (await FindAsync(context, pid, store, files) is not { } stored)
            return Troubles.NotFound(context);
        var back = $"/records/{stored.Record.Id}/files";
        if (await forms.ReadAsync(context) is not PostedForm.Good)
            return Troubles.StaleForm(context, back);
        var result = await files.DeleteAsync(pid, SignedIn.User(context), ChangeOrigin.Page, context.RequestAborted);
        return RecordEndpoints.Answer(context, stored.Record.Id, result, "filedeleted", back);
    }

    private static async Task<IResult> DrawFilesAsync(HttpContext context, long id, RecordStore store, BannerView? banner, int status)
    {
        var user = SignedIn.User(context);
        if (await store.FindVisibleAsync(id, user, context.RequestAborted) is not { } record)
            return Troubles.Gone(context, []);
        return store.CanEdit(user, record)
            ? Page.Show<FilesPage, FilesView>(context, new FilesView(id, record.Title, [.. record.Files.Select(FileView.Of)], banner), status)
            : Troubles.MayNotEdit(context, record, []);
    }

    private static async Task<IResult> DrawReplaceAsync(
        HttpContext context, string pid, RecordStore store, RecordFiles files, BannerView? banner, int status)
    {
        if (await FindAsync(context, pid, store, files) is not { } stored)
            return Troubles.NotFound(context);
        return store.CanEdit(SignedIn.User(context), stored.Record)
            ? Page.Show<ReplacePage, ReplaceView>(context, new ReplaceView(stored.Record.Id, stored.Record.Title, FileView.Of(stored.File), banner), status)
            : Troubles.MayNotEdit(context, stored.Record, []);
    }

    /// <summary>A file whose record the user may see.</summary>
    internal static async Task<StoredFile?> FindAsync(HttpContext context, string pid, RecordStore store, RecordFiles files) =>
        await files.FindAsync(pid, context.RequestAborted) is { } stored && store.CanSee(SignedIn.User(context), stored.Record) ? stored : null;

    // Only for those who may upload here, and only once that is known.
    private static void AllowAnySize(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
    }

    private const string OpenTooLong = "The page had been open for too long. Nothing was kept; choose the files once more.";

    private static BannerView NotTaken(string reason) => new() { Tone = BannerTone.Bad, Title = "Upload not taken", Text = reason };
}
