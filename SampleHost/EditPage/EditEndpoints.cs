using Dam.Hosting;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Pages.Trouble;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>The edit page's addresses.</summary>
internal static class EditEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/records/{id:long}/edit", GetAsync);
        pages.MapPost("/records/{id:long}/edit", (HttpContext context, long id, EditPost post) => post.HandleAsync(context, id, SignedIn.User(context)))
            .WithMetadata(KeepsInput.Instance);
        pages.MapGet("/records/{id:long}/presses/{press}", GetPressAsync);
    }

    private static async Task<IResult> GetAsync(HttpContext context, long id, RecordStore store, ContentTypes types, EditRecord page, EditButtons buttons)
    {
        var user = SignedIn.User(context);
        var query = context.Request.Query;
        string? press = query["press"];
        if (await store.FindNamedAsync(id, user, context.RequestAborted) is not { } record)
            return Troubles.Gone(context, [], await FindOwnAsync(context, id, user, press, buttons) is { } report ? PressBanners.For(report.ButtonKey, report.Outcome, null) : null);
        record = EditedType.Choose(types, record, query["type"]);
        if (EditedType.Of(types, record) is not { } type || !store.CanEdit(user, record))
            return Troubles.MayNotEdit(context, record, []);
        var banner = press is null ? Notices.For(query["done"]) : await DescribeAsync(context, record, user, press, page, buttons);
        return page.Draw(context, new EditDrawing(record, type, user) { Banner = banner, Review = query["review"] == "1" });
    }

    /// <summary>A press that the user made on a record which is not there any more.</summary>
    private static async Task<PressReport?> FindOwnAsync(HttpContext context, long id, HostUser user, string? press, EditButtons buttons) =>
        press is not null && ButtonName.Read(press) is var (pluginId, pressKey)
            && await buttons.FindPressAsync(pluginId, pressKey, id, context.RequestAborted) is { } report
            && report.UserName.Equals(user.Name, StringComparison.OrdinalIgnoreCase) ? report : null;

    private static async Task<BannerView> DescribeAsync(
        HttpContext context, RecordSnapshot record, HostUser user, string press, EditRecord page, EditButtons buttons)
    {
        if (ButtonName.Read(press) is not var (pluginId, pressKey)
            || await buttons.FindPressAsync(pluginId, pressKey, record.Id, context.RequestAborted) is not { } report)
            return PressBanners.Unknown;
        var name = ButtonName.Write(pluginId, report.ButtonKey);
        var label = buttons.List(page.PageOf(record, user)).FirstOrDefault(button => button.Value == name)?.Label ?? report.ButtonKey;
        var review = context.Request.Query["review"] == "1" ? "?review=1" : "";
        return PressBanners.For(label, report.Outcome, $"/records/{record.Id}/presses/{Uri.EscapeDataString(press)}{review}");
    }

    /// <summary>How a press stands: JSON for the page's script, a page that refreshes itself for the frame shown without scripts.</summary>
    private static async Task<IResult> GetPressAsync(HttpContext context, long id, string press, RecordStore store, EditButtons buttons)
    {
        var user = SignedIn.User(context);
        var record = await store.FindNamedAsync(id, user, context.RequestAborted);
        // The receiver may delete the record while the press still runs: who pressed hears of its end all the same.
        if (record is null ? await FindOwnAsync(context, id, user, press, buttons) is null : !store.CanEdit(user, record))
            return Results.NotFound();
        var outcome = ButtonName.Read(press) is var (pluginId, pressKey)
            ? (await buttons.FindPressAsync(pluginId, pressKey, id, context.RequestAborted))?.Outcome
            : null;
        var message = outcome?.Message ?? PressBanners.Unknown.Title;
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase))
            return Results.Json(new PressState(PressBanners.StateOf(outcome), message));
        PageHeaders.AllowFraming(context);
        var href = EditHref.Of(id, context.Request.Query["review"] == "1", $"press={Uri.EscapeDataString(press)}");
        return Page.Show<PressStatusPage, PressStatusView>(context, new PressStatusView(outcome is PressOutcome.StillRunning, message, href));
    }

    private sealed record PressState(string State, string Message);
}
