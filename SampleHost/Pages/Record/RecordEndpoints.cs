using System.Globalization;
using Dam.Hosting;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;
using SampleHost.Records;
using SampleHost.Workflow;

namespace SampleHost.Pages.Record;

/// <summary>Addresses of record pages and of what is done from them.</summary>
internal static class RecordEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/records/{id:long}", (HttpContext context, long id, string? done, ShowRecord page) => page.GetAsync(context, id, SignedIn.User(context), done));
        pages.MapGet("/records/new", (HttpContext context, string? type, NewRecord page) => page.Get(context, SignedIn.User(context), type));
        pages.MapPost("/records/new", (HttpContext context, NewRecord page) => page.PostAsync(context, SignedIn.User(context))).WithMetadata(KeepsInput.Instance);
        pages.MapPost("/records/{id:long}/act", ActAsync);
        pages.MapGet("/records/{id:long}/delete", AskDeleteAsync);
        pages.MapPost("/records/{id:long}/delete", DeleteAsync);
    }

    /// <summary>Publishes, withdraws, or takes a step of the workflow.</summary>
    private static async Task<IResult> ActAsync(HttpContext context, long id, PostedForms forms, RecordSaver saver, RecordWorkflow workflow)
    {
        var user = SignedIn.User(context);
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, $"/records/{id}");
        if (PostedForms.Text(form, "workflow") is { } step)
            return Answer(context, id, await workflow.RaiseAsync(id, step, user, ChangeOrigin.Page, context.RequestAborted), "moved");
        var published = form["do"] == "publish";
        if (!published && form["do"] != "unpublish")
            return Troubles.Unreadable(context, "The form does not say what to do.");
        var result = await saver.SetPublishedAsync(id, published, user, ChangeOrigin.Page, context.RequestAborted);
        return Answer(context, id, result, published ? "published" : "unpublished");
    }

    private static async Task<IResult> AskDeleteAsync(HttpContext context, long id, RecordStore store)
    {
        var user = SignedIn.User(context);
        if (await store.FindVisibleAsync(id, user, context.RequestAborted) is not { } record)
            return Troubles.Gone(context, []);
        if (!store.CanEdit(user, record))
            return Troubles.MayNotEdit(context, record, []);
        return Page.Show<ConfirmPage, ConfirmView>(context, new ConfirmView
        {
            Question = $"Delete “{record.Title}”?",
            Text = record.Files.Count switch
            {
                0 => "The record is deleted for good.",
                1 => "The record and its file are deleted for good.",
                var count => $"The record and its {count} files are deleted for good.",
            },
            Action = $"/records/{id}/delete",
            Yes = "Delete record",
            BackHref = $"/records/{id}",
            Version = record.Version,
        });
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, long id, PostedForms forms, RecordSaver saver)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, $"/records/{id}/delete");
        long? version = long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var result = await saver.DeleteAsync(id, SignedIn.User(context), ChangeOrigin.Page, version, context.RequestAborted);
        return result is SaveResult.Saved ? Page.SeeOther("/?done=deleted") : Answer(context, id, result, "");
    }

    /// <summary>Sends the browser on after something was done to a record, or says why it was not.</summary>
    internal static IResult Answer(HttpContext context, long id, SaveResult result, string done, string? path = null)
    {
        var back = path ?? $"/records/{id}";
        return result switch
        {
            SaveResult.Saved => Page.SeeOther($"{back}?done={done}"),
            SaveResult.Stale stale => Troubles.Refused(context, $"{stale.Current.ModifiedBy} changed the record in the meantime. Look at it again before you decide.", back),
            SaveResult.Cancelled cancelled => Troubles.Refused(context, cancelled.Reason, back),
            SaveResult.Invalid invalid => Troubles.Refused(context, string.Join(" ", invalid.Errors.Select(error => error.Message)), back),
            SaveResult.Forbidden forbidden => Troubles.Forbidden(context, forbidden.Reason),
            _ => Troubles.Gone(context, []),
        };
    }
}
