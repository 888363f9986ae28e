using System.Text.RegularExpressions;
using Dam.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Primitives;
using SampleHost.Accounts;
using SampleHost.EditPage;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Record;
using SampleHost.Records;

namespace SampleHost.Pages.Account;

/// <summary>Signing in and out. What was typed into a form that came after the session ended is carried through and drawn again.</summary>
internal sealed partial class SignInForm(
    PostedForms forms, SignIn signIn, TimeProvider time, RecordStore store, ContentTypes types, EditRecord editPage, NewRecord newPage, DemoHint? demo = null)
{
    private const string KeptPrefix = "kept.";

    public IResult Draw(HttpContext context, SignInView view, int status = StatusCodes.Status200OK) =>
        Page.Show<SignInPage, SignInView>(context, view with { DemoAccounts = demo?.Accounts ?? [] }, status);

    /// <summary>Input to be kept, under names of its own.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Wrap(IReadOnlyList<KeyValuePair<string, string>> typed) =>
        [.. typed.Select(entry => KeyValuePair.Create(KeptPrefix + entry.Key, entry.Value))];

    public async Task<IResult> PostAsync(HttpContext context)
    {
        var posted = await forms.ReadAsync(context);
        if (posted is PostedForm.Unreadable unreadable)
            return Trouble.Troubles.Unreadable(context, unreadable.Reason);
        var form = posted is PostedForm.Good good ? good.Form : ((PostedForm.BadToken)posted).Form;
        var view = new SignInView
        {
            Name = form["name"].ToString(),
            ReturnPath = LocalPath(form["returnUrl"].ToString()),
            Kept = forms.Keep(form, "name", "password", "returnUrl"),
        };
        if (posted is PostedForm.BadToken)
            return Draw(context, view with { Banner = Wrong("Please sign in once more", "The page had been open for too long.") }, StatusCodes.Status400BadRequest);

        switch (await signIn.TryAsync(view.Name, form["password"].ToString(), context.RequestAborted))
        {
            case SignInResult.SignedIn done:
                await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, done.Principal);
                return await GoOnAsync(context, done, view);
            case SignInResult.Locked locked:
                var wait = Math.Max(1, Math.Ceiling((locked.UntilAt - time.GetUtcNow()).TotalSeconds));
                return Draw(context, view with { Banner = Wrong("Too many tries", $"Wait {wait:0} seconds, then try again.") }, StatusCodes.Status429TooManyRequests);
            default:
                return Draw(context, view with { Banner = Wrong("Not signed in", "The name or the password is wrong.") }, StatusCodes.Status401Unauthorized);
        }
    }

    public async Task<IResult> SignOutAsync(HttpContext context)
    {
        if (await forms.ReadAsync(context) is not PostedForm.Good)
            return Trouble.Troubles.StaleForm(context, "/");
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Page.SeeOther("/signin?done=signedout");
    }

    /// <summary>A path of this host, whatever was asked for: nobody is sent elsewhere after signing in.</summary>
    internal static string LocalPath(string? path) =>
        path is ['/', ..] && !(path.Length > 1 && path[1] is '/' or '\\') && !path.Any(char.IsControl) ? path : "/";

    private async Task<IResult> GoOnAsync(HttpContext context, SignInResult.SignedIn done, SignInView view)
    {
        if (view.Kept.Count == 0)
            return Page.SeeOther(view.ReturnPath);

        // The rest of this request is the new user's: the form drawn now needs a token made for them.
        context.User = done.Principal;
        CurrentUser.Remember(context, done.User);
        var typed = new FormCollection(view.Kept
            .Where(entry => entry.Key.StartsWith(KeptPrefix, StringComparison.Ordinal))
            .GroupBy(entry => entry.Key[KeptPrefix.Length..], entry => entry.Value, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => new StringValues([.. entry]), StringComparer.Ordinal));
        if (view.ReturnPath == "/records/new")
            return newPage.Redraw(context, done.User, typed, Welcome);
        if (EditPath().Match(view.ReturnPath) is { Success: true } match
            && long.TryParse(match.Groups[1].ValueSpan, out var id)
            && await store.FindNamedAsync(id, done.User, context.RequestAborted) is { } stored
            && EditedType.Choose(types, stored, typed["type"]) is var record
            && store.CanEdit(done.User, record)
            && EditedType.Of(types, record) is { } type)
            return editPage.Draw(context, EditForm.Read(type, typed).Redraw(record, type, done.User, Welcome));
        return Page.SeeOther(view.ReturnPath);
    }

    private static BannerView Welcome { get; } = new()
    {
        Tone = BannerTone.Care,
        Title = "You are signed in again, but your input is not saved yet",
        Text = "Here is the form as you left it. Look it over and save it.",
    };

    private static BannerView Wrong(string title, string text) => new() { Tone = BannerTone.Bad, Title = title, Text = text };

    [GeneratedRegex(@"^/records/(-?[0-9]{1,18})/edit$")]
    private static partial Regex EditPath();
}
