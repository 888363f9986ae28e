using System.Diagnostics;
using Dam.Hosting;
using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Trouble;

/// <summary>Pages for what cannot be done, in plain words.</summary>
internal static class Troubles
{
    private static readonly BannerLink Home = new("/", "All records");

    public static IResult NotFound(HttpContext context) => Show(context, StatusCodes.Status404NotFound, new TroubleView
    {
        Title = "There is nothing here",
        Text = "The address may be mistyped, or what was here is gone, or you may not see it.",
        Links = [Home],
    });

    /// <summary>A record that is deleted, or hidden from this user.</summary>
    public static IResult Gone(HttpContext context, IReadOnlyList<TypedView> typed, BannerView? banner = null) => Show(context, StatusCodes.Status404NotFound, new TroubleView
    {
        Title = "There is no such record",
        Text = typed.Count == 0
            ? "It was deleted, or it never existed, or you may not see it."
            : "It was deleted while you were editing it, or you may not see it any more. Nothing was saved and nothing was sent. What you typed stands below, so that you can copy it.",
        Links = [Home],
        Typed = typed,
        Banner = banner,
    });

    public static IResult MayNotEdit(HttpContext context, RecordSnapshot record, IReadOnlyList<TypedView> typed) =>
        Show(context, StatusCodes.Status403Forbidden, new TroubleView
        {
            Title = "You may not edit this record",
            Text = typed.Count == 0
                ? "Your account may see it but not change it. An administrator can give you the role for it."
                : "Your account may see it but not change it. Nothing was saved and nothing was sent. What you typed stands below, so that you can copy it.",
            Links = [new BannerLink($"/records/{record.Id}", "Back to the record"), Home],
            Typed = typed,
        });

    public static IResult Forbidden(HttpContext context, string text) => Show(context, StatusCodes.Status403Forbidden, new TroubleView
    {
        Title = "You may not do this",
        Text = text,
        Links = [Home],
    });

    /// <summary>A form that this host did not draw for this user.</summary>
    public static IResult StaleForm(HttpContext context, string backHref) => Show(context, StatusCodes.Status400BadRequest, new TroubleView
    {
        Title = "The page had been open for too long",
        Text = "Nothing was done. Go back to the page, which is then fresh, and try again.",
        Links = [new BannerLink(backHref, "Back"), Home],
    });

    public static IResult Unreadable(HttpContext context, string reason) => Show(context, StatusCodes.Status400BadRequest, new TroubleView
    {
        Title = "The form could not be read",
        Text = $"{reason} Nothing was saved.",
        Links = [Home],
    });

    public static IResult Refused(HttpContext context, string reason, string backHref) => Show(context, StatusCodes.Status409Conflict, new TroubleView
    {
        Title = "This was not done",
        Text = reason,
        Links = [new BannerLink(backHref, "Back"), Home],
    });

    /// <summary>The storage cannot do it now.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayStand">Whether what was sent may have been saved.</param>
    public static IResult Unavailable(HttpContext context, bool mayStand) => Show(context, StatusCodes.Status503ServiceUnavailable, new TroubleView
    {
        Title = mayStand ? "It is not known whether this was saved" : "The database cannot be reached now",
        Text = mayStand
            ? "The database went away in this very moment. Look whether it was saved before you do it again."
            : "Nothing was saved. Go back and try again a little later; if it lasts, tell an administrator.",
        Links = [Home],
    });

    /// <summary>Something is broken, and the log says what.</summary>
    public static IResult Broken(HttpContext context) => Show(context, StatusCodes.Status500InternalServerError, new TroubleView
    {
        Title = "Something went wrong here",
        Text = "This is our fault, not yours. Try again; if it happens once more, tell an administrator.",
        Reference = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
        Links = [Home],
    });

    public static IResult Show(HttpContext context, int status, TroubleView view) => Page.Show<TroublePage, TroubleView>(context, view, status);
}
