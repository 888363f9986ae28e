using SampleHost.Accounts;
using SampleHost.Pages.Layout;

namespace SampleHost.Pages.Account;

/// <summary>Addresses for signing in and out.</summary>
internal static class AccountEndpoints
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/signin", (HttpContext context, string? returnUrl, string? done, SignInForm form, CurrentUser users) =>
            users.Find(context) is not null
                ? Page.SeeOther(SignInForm.LocalPath(returnUrl))
                : form.Draw(context, new SignInView { ReturnPath = SignInForm.LocalPath(returnUrl), Banner = Notices.For(done) }));
        pages.MapPost("/signin", (HttpContext context, SignInForm form) => form.PostAsync(context));
        pages.MapPost("/signout", (HttpContext context, SignInForm form) => form.SignOutAsync(context));
    }
}
