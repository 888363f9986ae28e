using Dam.Hosting;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>Draws the edit page of one record.</summary>
internal sealed class EditRecord(EditButtons buttons, UploadReview uploads, ContentTypes types, IHostInformation host)
{
    /// <summary>Draws the form.</summary>
    /// <param name="context">The request.</param>
    /// <param name="drawing">What to draw.</param>
    /// <param name="status">The status code.</param>
    public IResult Draw(HttpContext context, EditDrawing drawing, int status = StatusCodes.Status200OK)
    {
        var (record, type, user) = (drawing.Record, drawing.Type, drawing.User);
        return Page.Show<EditRecordPage, EditView>(context, new EditView
        {
            Id = record.Id,
            Title = record.Title,
            Type = type.Label.In(user.Language),
            Version = drawing.Version ?? record.Version,
            PressKey = PressKeys.New(),
            Fields = FormFields.Draw(type, drawing.Typed ?? FormFields.ValuesOf(record), user.Language, drawing.Errors),
            Buttons = buttons.List(PageOf(record, user)),
            Files = [.. record.Files.Select(FileView.Of)],
            Private = drawing.Private ?? record.Private,
            Banner = drawing.Banner,
            Unsaved = drawing.Typed is not null,
            Review = drawing.Review ? ReviewOf(record.Id, user) : null,
            TypeName = type.Name,
            Types = UploadTemplates.IsTemplate(record.Id) ? [.. types.All.Select(one => new OptionView(one.Name, one.Label.In(user.Language)))] : [],
        }, status);
    }

    /// <summary>Where a review goes on from a record: to the next of the upload, after the last to those that were passed over; null when none is left.</summary>
    public string? NextInReview(long id, HostUser user) => ReviewOf(id, user).NextHref;

    private ReviewView ReviewOf(long id, HostUser user)
    {
        var others = uploads.List(user).Where(one => one != id).ToList();
        return new ReviewView(others.Count, others.Count == 0 ? null : EditHref.Of(others.Find(one => one > id) is > 0 and var next ? next : others[0], review: true));
    }

    /// <summary>What contributors get to know of a page.</summary>
    public EditPageContext PageOf(RecordSnapshot record, HostUser user) =>
        new(record, user, EditPageContext.EditLocation, user.Language, host.DefaultLanguage);
}

/// <summary>What to draw on an edit page.</summary>
internal sealed record EditDrawing(RecordSnapshot Record, ContentType Type, HostUser User)
{
    /// <summary>What was typed, or null to show what is stored.</summary>
    public FieldValues? Typed { get; init; }

    /// <summary>The private box as it was posted, or null for what is stored.</summary>
    public bool? Private { get; init; }

    /// <summary>The version the typed values started from, or null for the stored one.</summary>
    public long? Version { get; init; }

    /// <summary>Whether an upload is being looked through.</summary>
    public bool Review { get; init; }

    /// <summary>What is wrong with what was typed.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>What happened, or null.</summary>
    public BannerView? Banner { get; init; }
}
