using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Account;

/// <summary>Marks a form whose input is kept when it comes after the session ended: its page can be drawn again from what was posted.</summary>
internal sealed class KeepsInput
{
    public static KeepsInput Instance { get; } = new();
}

/// <summary>Lets only those through who are signed in; others get the sign-in page, and what they typed is kept.</summary>
internal sealed class SignedIn(CurrentUser currentUser, SignInForm signIn, PostedForms forms) : IEndpointFilter
{
    private static readonly object UserKey = new();

    /// <summary>The user of a request that came through this filter.</summary>
    public static HostUser User(HttpContext context) => (HostUser)context.Items[UserKey]!;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (currentUser.Find(context) is not { } user)
            return await AskAsync(context);
        context.Items[UserKey] = user;
        return await next(invocation);
    }

    private async Task<IResult> AskAsync(HttpContext context)
    {
        var path = context.Request.Path.ToString();
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            return Page.SeeOther($"/signin?returnUrl={Uri.EscapeDataString(path + context.Request.QueryString)}");
        if (context.GetEndpoint()?.Metadata.GetMetadata<KeepsInput>() is null)
            return signIn.Draw(context, new SignInView { ReturnPath = "/", Banner = TooLate("Nothing was done. Sign in and try again.") }, StatusCodes.Status401Unauthorized);
        var form = await forms.ReadAsync(context) switch
        {
            PostedForm.Good good => good.Form,
            PostedForm.BadToken bad => bad.Form,
            _ => FormCollection.Empty,
        };
        return signIn.Draw(context, new SignInView
        {
            ReturnPath = path,
            Kept = SignInForm.Wrap(forms.Keep(form, "press", "confirmed", "save")),
            Banner = TooLate("Nothing was saved yet, and nothing you typed is lost: sign in, and the form comes back as you left it."),
        }, StatusCodes.Status401Unauthorized);
    }

    private static BannerView TooLate(string text) => new() { Tone = BannerTone.Care, Title = "You are not signed in any more", Text = text };
}
