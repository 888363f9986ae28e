using Dam.Hosting;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>Deals with the posted edit form: Save, a press, or a choice between two versions.</summary>
/// <remarks>
/// 1. Read the form and check its token. 2. Find the record. 3. Find the button, if one was pressed, and have its question answered.
/// 4. Save: commit or redraw. 5. Only after the commit, with nothing held, carry out the press. 6. Send the browser on, so that a
/// reload repeats nothing; where the record is not there any more, tell the outcome over what was committed. Whatever goes wrong on the way, what was typed is drawn again.
/// </remarks>
internal sealed class EditPost(
    PostedForms forms, RecordStore store, ContentTypes types, RecordSaver saver, EditRecord page, EditButtons buttons, Conflicts conflicts, UploadReview uploads,
    TimeProvider time)
{
    // A form that does not say what it was drawn from is stale: no record has this version.
    private const long NoVersion = 0;

    public async Task<IResult> HandleAsync(HttpContext context, long id, HostUser user)
    {
        // 1.
        var posted = await forms.ReadAsync(context);
        if (posted is PostedForm.Unreadable unreadable)
            return Troubles.Unreadable(context, unreadable.Reason);
        var form = posted is PostedForm.Good good ? good.Form : ((PostedForm.BadToken)posted).Form;

        // 2.
        var record = await store.FindNamedAsync(id, user, context.RequestAborted);
        if (record is null)
            return Troubles.Gone(context, Typed(form));
        record = EditedType.Choose(types, record, form["type"]);
        if (EditedType.Of(types, record) is not { } type || !store.CanEdit(user, record))
            return Troubles.MayNotEdit(context, record, Typed(form));
        var edit = EditForm.Read(type, form);
        if (posted is PostedForm.BadToken)
            return page.Draw(context, edit.Redraw(record, type, user, StaleToken), StatusCodes.Status400BadRequest);
        if (edit.Back)
            return page.Draw(context, edit.Redraw(record, type, user, null));
        if (edit.Resolve is not null)
            return await ResolveAsync(context, record, type, user, edit);
        if (edit.Press is null)
            return await SaveAsync(context, record, type, user, edit);
        return await PressAsync(context, record, type, user, edit, forms.Keep(form));
    }

    private async Task<IResult> SaveAsync(HttpContext context, RecordSnapshot record, ContentType type, HostUser user, EditForm edit)
    {
        return await saver.UpdateAsync(RequestFor(record, user, ChangeOrigin.Page, edit), context.RequestAborted) switch
        {
            SaveResult.Saved saved => Page.SeeOther(await GoOnAsync(context, record.Id, user, edit.Review, saved)),
            var refused => await RefuseAsync(context, refused, record, type, user, edit),
        };
    }

    private async Task<IResult> PressAsync(
        HttpContext context, RecordSnapshot record, ContentType type, HostUser user, EditForm edit, IReadOnlyList<KeyValuePair<string, string>> kept)
    {
        // 3.
        var button = buttons.List(page.PageOf(record, user)).FirstOrDefault(one => one.Value == edit.Press);
        if (button is null || edit.PageKey is null || ButtonName.Read(button.Value) is not var (pluginId, key))
            return page.Draw(context, edit.Redraw(record, type, user, PressBanners.NoSuchButton), StatusCodes.Status409Conflict);
        if (button.Confirm is not null && edit.Confirmed != button.Value)
            return Page.Show<ConfirmPressPage, ConfirmPressView>(context, new ConfirmPressView(record.Id, button, Without(kept, "press")));

        // 4.
        var pressKey = PressKeys.Of(edit.PageKey, kept, button.Value);
        var result = await saver.UpdateAsync(RequestFor(record, user, ChangeOrigin.Button, edit) with { PressKey = pressKey }, context.RequestAborted);
        var committed = result switch
        {
            SaveResult.Saved saved => saved.Record,
            SaveResult.AlreadyPressed before => before.Record,
            _ => null,
        };
        if (committed is null)
            return await RefuseAsync(context, result, record, type, user, edit);
        // The review does not come back to it, as after any save; only the way on to the next waits until the editor has seen the outcome.
        if (edit.Review)
            await uploads.RemoveAsync(user, record.Id, context.RequestAborted);

        // 5.
        var press = new ButtonPress { ButtonKey = key, PressKey = pressKey, Page = page.PageOf(committed, user), PressedAt = time.GetUtcNow() };
        var answer = await buttons.PressAsync(pluginId, press, context.RequestAborted);

        // 6.
        var fresh = await store.FindNamedAsync(record.Id, user, context.RequestAborted);
        if (fresh is null || !store.CanEdit(user, fresh))
            return page.Draw(context, new EditDrawing(committed, type, user) { Banner = PressBanners.OverGone(button.Label, answer.Outcome) });
        if (answer.CanBeFound)
            return Page.SeeOther(EditHref.Of(record.Id, edit.Review, $"press={Uri.EscapeDataString(ButtonName.Write(pluginId, pressKey))}"));
        return page.Draw(context, new EditDrawing(fresh, EditedType.Of(types, fresh) ?? type, user)
        {
            Review = edit.Review,
            Banner = PressBanners.For(button.Label, answer.Outcome, null),
        });
    }

    /// <summary>Where the browser goes after a save without a press.</summary>
    private async Task<string> GoOnAsync(HttpContext context, long id, HostUser user, bool review, SaveResult.Saved saved)
    {
        if (UploadTemplates.IsTemplate(id))
            return "/upload?done=defaults";
        if (!review)
            return $"/records/{id}?done={(saved.Changes.Count == 0 ? "unchanged" : "saved")}";
        await uploads.RemoveAsync(user, id, context.RequestAborted);
        return page.NextInReview(id, user) is { } next ? $"{next}&done=saved" : "/?done=reviewed";
    }

    private static UpdateRequest RequestFor(RecordSnapshot record, HostUser user, ChangeOrigin via, EditForm edit) => new(record.Id, user, via)
    {
        ExpectedVersion = edit.Version ?? NoVersion,
        Fields = edit.Values,
        Private = edit.Private,
        Type = UploadTemplates.IsTemplate(record.Id) ? record.Type : null,
    };

    private async Task<IResult> ResolveAsync(HttpContext context, RecordSnapshot record, ContentType type, HostUser user, EditForm edit)
    {
        if (edit.Resolve == "theirs")
            return Page.SeeOther(EditHref.Of(record.Id, edit.Review));
        var chosen = edit with { Values = Merge.Choose(edit.Values, name => edit.Resolve == "mine" || edit.ChosenMine.Contains(name)) };
        return await saver.UpdateAsync(RequestFor(record, user, ChangeOrigin.Page, chosen), context.RequestAborted) switch
        {
            SaveResult.Saved => Page.SeeOther(EditHref.Of(record.Id, edit.Review, "done=resolved")),
            SaveResult.Stale stale => await conflicts.DrawAsync(context, stale.Current, type, user, edit),
            // The choice is laid over what is stored, so that the form holds every field.
            var refused => await RefuseAsync(context, refused, record, type, user, chosen with { Values = Overlay(record, chosen.Values) }),
        };
    }

    private async Task<IResult> RefuseAsync(
        HttpContext context, SaveResult result, RecordSnapshot record, ContentType type, HostUser user, EditForm edit)
    {
        const string nothingSent = "Nothing was saved and nothing was sent; what you typed stands below.";
        switch (result)
        {
            case SaveResult.Invalid invalid:
                var summary = FormFields.Summarise(type, user.Language, invalid.Errors, edit.Press is null ? "What you typed stands below." : nothingSent);
                return page.Draw(context, edit.Redraw(record, type, user, summary, invalid.Errors), StatusCodes.Status422UnprocessableEntity);
            case SaveResult.Cancelled cancelled:
                var reason = new BannerView { Tone = BannerTone.Bad, Title = "Not saved", Text = $"{cancelled.Reason} {nothingSent}" };
                return page.Draw(context, edit.Redraw(record, type, user, reason), StatusCodes.Status422UnprocessableEntity);
            case SaveResult.Stale stale:
                return await conflicts.DrawAsync(context, stale.Current, type, user, edit);
            case SaveResult.Forbidden:
                return Troubles.MayNotEdit(context, record, Typed(type, user, edit));
            default:
                return Troubles.Gone(context, Typed(type, user, edit));
        }
    }

    private static BannerView StaleToken { get; } = new()
    {
        Tone = BannerTone.Care,
        Title = "Please save once more",
        Text = "The page had been open for too long, or you had signed in again meanwhile. Nothing was saved and nothing was sent; what you typed stands below.",
    };

    private static FieldValues Overlay(RecordSnapshot record, FieldValues chosen)
    {
        var values = FormFields.ValuesOf(record);
        foreach (var (name, value) in chosen)
            values[name] = value;
        return values;
    }

    private static List<KeyValuePair<string, string>> Without(IReadOnlyList<KeyValuePair<string, string>> kept, string name) =>
        [.. kept.Where(entry => entry.Key != name)];

    private static List<TypedView> Typed(ContentType type, HostUser user, EditForm edit) =>
        [.. edit.Values.Where(field => field.Value.Count > 0)
            .Select(field => new TypedView(type.FindField(field.Key)?.Label.In(user.Language) ?? field.Key, string.Join("\n", field.Value)))];

    // Without its type a form's fields have names only.
    private static List<TypedView> Typed(IFormCollection form) =>
        [.. form.Where(field => field.Key.StartsWith("f.", StringComparison.Ordinal) && field.Value.Any(value => !string.IsNullOrWhiteSpace(value)))
            .Select(field => new TypedView(field.Key[2..], string.Join("\n", field.Value.OfType<string>())))];
}
