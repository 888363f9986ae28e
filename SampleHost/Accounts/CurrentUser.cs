using System.Security.Claims;
using Dam.Hosting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Net.Http.Headers;
using SampleHost.Start;

namespace SampleHost.Accounts;

/// <summary>Tells who makes a request. An API key counts alone: with a wrong one a cookie beside it does not help.</summary>
internal sealed class CurrentUser(Users users) : IHostIdentity
{
    private static readonly object RememberedKey = new();

    /// <summary>The languages the host's own texts exist in.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "fr", "de"];

    public ValueTask<HostUser?> FindUserAsync(HttpContext context) => ValueTask.FromResult(Find(context));

    public HostUser? Find(HttpContext context)
    {
        if (context.Items.TryGetValue(RememberedKey, out var remembered))
            return (HostUser?)remembered;
        var user = FindByCookie(context);
        if (user is not null)
            Remember(context, user);
        return user;
    }

    /// <summary>Whether a cookie alone speaks for the request: then what it changes needs the antiforgery token.</summary>
    public static bool IsByCookie(HttpContext context) => ApiKeyAuthentication.FindKey(context.Request.Headers) is null;

    /// <summary>The language for texts of this request: the account's, else the browser's, else the default.</summary>
    public string Language(HttpContext context) => Find(context)?.Language ?? BrowserLanguage(context.Request);

    internal static void Remember(HttpContext context, HostUser user) => context.Items[RememberedKey] = user;

    private HostUser? FindByCookie(HttpContext context)
    {
        var identity = context.User.Identities.FirstOrDefault(one => one.AuthenticationType == CookieAuthenticationDefaults.AuthenticationScheme);
        if (identity?.Name is not { } name || users.FindAccount(name) is not { } account || account.Stamp != identity.FindFirst(SignIn.StampClaim)?.Value)
            return null;
        return account.ChosenLanguage is null ? account.User with { Language = BrowserLanguage(context.Request) } : account.User;
    }

    internal static string BrowserLanguage(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var asked))
            return HostOptions.DefaultLanguage;
        return asked.OrderByDescending(one => one.Quality ?? 1)
            .Select(one => one.Value.ToString())
            .FirstOrDefault(tag => Languages.Contains(tag.Split('-')[0].ToLowerInvariant())) ?? HostOptions.DefaultLanguage;
    }
}
