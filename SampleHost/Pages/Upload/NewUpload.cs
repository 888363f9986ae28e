using Dam.Hosting;
using Microsoft.AspNetCore.Http.Features;
using SampleHost.Accounts;
using SampleHost.EditPage;
using SampleHost.Files;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.Pages.Upload;

/// <summary>Makes a record of each uploaded file, filled from the user's upload template, and starts their review.</summary>
internal sealed class NewUpload(
    UploadTemplates templates, UploadReview review, RecordSaver saver, ContentTypes types, UploadReader uploads, FileStore contents, PostedForms forms)
{
    public IResult Get(HttpContext context, HostUser user, string? done) =>
        Refuse(context, user) ?? Draw(context, user, Notices.For(done), StatusCodes.Status200OK);

    public async Task<IResult> PostAsync(HttpContext context, HostUser user)
    {
        if (Refuse(context, user) is { } refusal)
            return refusal;
        // Only for those who may upload, and only once that is known.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        return await uploads.ReadAsync(context) switch
        {
            UploadResult.Received received => await InsertAsync(context, user, received.Files),
            UploadResult.Refused refused => Draw(context, user, NotTaken(refused.Reason), refused.Status),
            _ => Draw(context, user, NotTaken("The page had been open for too long. Nothing was kept; choose the files once more."), StatusCodes.Status400BadRequest),
        };
    }

    public async Task<IResult> EndReviewAsync(HttpContext context, HostUser user)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good)
            return Troubles.StaleForm(context, "/upload");
        await review.ClearAsync(user, context.RequestAborted);
        return Page.SeeOther("/upload?done=forgotten");
    }

    // One save for each: a file that is refused keeps none of those before it from being there.
    private async Task<IResult> InsertAsync(HttpContext context, HostUser user, IReadOnlyList<ReceivedFile> files)
    {
        var template = templates.Find(UploadTemplates.IdOf(user), user)!;
        var made = new List<long>(files.Count);
        SaveResult? refused = null;
        var taken = 0;
        try
        {
            foreach (var file in files)
            {
                taken++;
                var result = await saver.InsertAsync(RequestFor(template, user, file), context.RequestAborted);
                if (result is SaveResult.Saved saved)
                    made.Add(saved.Record.Id);
                else
                {
                    refused = result;
                    break;
                }
            }
        }
        finally
        {
            await contents.ReleaseAsync([.. files.Skip(taken)], saved: false);
        }

        if (made.Count > 0)
            await review.AddAsync(user, made, context.RequestAborted);
        return refused is null
            ? Page.SeeOther(EditHref.Of(made[0], review: true, "done=uploaded"))
            : Draw(context, user, PartlyTaken(files[taken - 1].Name, made.Count, files.Count, ReasonOf(refused)), StatusCodes.Status422UnprocessableEntity);
    }

    private InsertRequest RequestFor(RecordSnapshot template, HostUser user, ReceivedFile file)
    {
        // The type may have lost a field since the template was saved.
        var type = types.Find(template.Type) ?? types.All[0];
        var fields = template.Fields.Where(field => type.FindField(field.Name) is not null)
            .ToDictionary(field => field.Name, field => field.Values, StringComparer.Ordinal);
        var hasTitle = fields.TryAdd("title", [Path.GetFileNameWithoutExtension(file.Name) is { Length: > 0 } name ? name : file.Name]);
        return new InsertRequest(user, ChangeOrigin.Page) { Type = type.Name, Fields = fields, Private = template.Private, Files = [file], TitleIsDefault = hasTitle };
    }

    private IResult Draw(HttpContext context, HostUser user, BannerView? banner, int status)
    {
        var id = UploadTemplates.IdOf(user);
        var template = templates.Find(id, user)!;
        var type = types.Find(template.Type) ?? types.All[0];
        var unreviewed = review.List(user);
        return Page.Show<UploadPage, UploadView>(context, new UploadView
        {
            DefaultsHref = EditHref.Of(id, review: false),
            Type = type.Label.In(user.Language),
            Private = template.Private,
            Defaults =
            [
                .. template.Fields.Select(field => (Field: type.FindField(field.Name), field.Values)).Where(each => each.Field is not null)
                    .Select(each => KeyValuePair.Create(
                        each.Field!.Label.In(user.Language), string.Join("\n", each.Values.Select(value => FormFields.InWords(each.Field, value, user.Language))))),
            ],
            Unreviewed = unreviewed.Count,
            ReviewHref = unreviewed.Count > 0 ? EditHref.Of(unreviewed[0], review: true) : null,
            Banner = banner,
        }, status);
    }

    private static IResult? Refuse(HttpContext context, HostUser user) =>
        Rights.CanInsert(user, null) ? null : Troubles.Forbidden(context, "Your account may not create records. An administrator can give you the role for it.");

    private static string ReasonOf(SaveResult refused) => refused switch
    {
        SaveResult.Invalid invalid => string.Join(" ", invalid.Errors.Select(error => $"{error.Field}: {error.Message}")),
        SaveResult.Cancelled cancelled => cancelled.Reason,
        SaveResult.Forbidden forbidden => forbidden.Reason,
        var other => throw new InvalidOperationException($"An insert cannot end as {other.GetType().Name}."),
    };

    private static BannerView PartlyTaken(string name, int made, int all, string reason) => new()
    {
        Tone = BannerTone.Bad,
        Title = made == 0 ? "Upload not taken" : $"Only {made} of {all} files became records",
        Text = $"No record could be made of {name}. {reason} Change the defaults, then choose {(made == 0 ? "the files" : "it and what comes after it")} once more.",
    };

    private static BannerView NotTaken(string reason) => new() { Tone = BannerTone.Bad, Title = "Upload not taken", Text = reason };
}
