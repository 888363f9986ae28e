using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.Pages.Record;

/// <summary>The form for a new record.</summary>
internal sealed class NewRecord(ContentTypes types, RecordSaver saver, PostedForms forms)
{
    public IResult Get(HttpContext context, HostUser user, string? typeName)
    {
        if (!Rights.CanInsert(user, null))
            return Troubles.Forbidden(context, "Your account may not create records. An administrator can give you the role for it.");
        return Draw(context, user, TypeOf(typeName), new FieldValues(), [], false, false, null);
    }

    public async Task<IResult> PostAsync(HttpContext context, HostUser user)
    {
        var posted = await forms.ReadAsync(context);
        if (posted is PostedForm.Unreadable unreadable)
            return Troubles.Unreadable(context, unreadable.Reason);
        if (posted is PostedForm.BadToken bad)
            return Redraw(context, user, bad.Form, OpenTooLong, StatusCodes.Status400BadRequest);

        var form = ((PostedForm.Good)posted).Form;
        var type = TypeOf(form["type"]);
        var values = FormFields.Read(type, form);
        var request = new InsertRequest(user, ChangeOrigin.Page)
        {
            Type = type.Name,
            Fields = values,
            Draft = form["draft"] == "1",
            Private = form["private"] == "1",
        };
        switch (await saver.InsertAsync(request, context.RequestAborted))
        {
            case SaveResult.Saved saved:
                return Page.SeeOther($"/records/{saved.Record.Id}?done=created");
            case SaveResult.Invalid invalid:
                var summary = FormFields.Summarise(type, user.Language, invalid.Errors, "What you typed stands below.");
                return Draw(context, user, type, values, invalid.Errors, request.Draft, request.Private, summary, StatusCodes.Status422UnprocessableEntity);
            case SaveResult.Forbidden forbidden:
                return Draw(context, user, type, values, [], request.Draft, request.Private, NotSaved(forbidden.Reason), StatusCodes.Status403Forbidden);
            case SaveResult.Cancelled cancelled:
                return Draw(context, user, type, values, [], request.Draft, request.Private, NotSaved(cancelled.Reason), StatusCodes.Status422UnprocessableEntity);
            case var other:
                throw new InvalidOperationException($"An insert cannot end as {other.GetType().Name}.");
        }
    }

    /// <summary>Draws the form again as it was posted.</summary>
    public IResult Redraw(HttpContext context, HostUser user, IFormCollection form, BannerView banner, int status = StatusCodes.Status200OK)
    {
        var type = TypeOf(form["type"]);
        return Draw(context, user, type, FormFields.Read(type, form), [], form["draft"] == "1", form["private"] == "1", banner, status);
    }

    private IResult Draw(
        HttpContext context, HostUser user, ContentType type, FieldValues values, IReadOnlyList<FieldError> errors,
        bool draft, bool isPrivate, BannerView? banner, int status = StatusCodes.Status200OK) =>
        Page.Show<NewPage, NewView>(context, new NewView
        {
            Type = type.Name,
            Types = [.. types.All.Select(one => new OptionView(one.Name, one.Label.In(user.Language)))],
            Fields = FormFields.Draw(type, values, user.Language, errors),
            Draft = draft,
            Private = isPrivate,
            Banner = banner,
        }, status);

    private ContentType TypeOf(string? name) =>
        (name is null ? null : types.Find(name)) ?? types.Find(InsertRequest.DefaultType) ?? types.All[0];

    private static BannerView OpenTooLong { get; } = new()
    {
        Tone = BannerTone.Care,
        Title = "Please save once more",
        Text = "The page had been open for too long. Nothing was saved so far; what you typed stands below.",
    };

    private static BannerView NotSaved(string reason) => new() { Tone = BannerTone.Bad, Title = "Not saved", Text = $"{reason} What you typed stands below." };
}
