using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SampleHost.Accounts;

/// <summary>Authenticates a request by its API key, or by a token that a plugin handed out.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Users users, BearerTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "ApiKey";

    /// <summary>
    /// The key a request carries, in one of four forms: <c>Authorization: KEY</c>, <c>Authorization: Bearer KEY</c>, <c>X-Api-Key: KEY</c>,
    /// <c>X-CKAN-API-Key: KEY</c>. Null when it carries none.
    /// </summary>
    public static string? FindKey(IHeaderDictionary headers)
    {
        foreach (var name in (ReadOnlySpan<string>)["X-Api-Key", "X-CKAN-API-Key"])
        {
            if (headers[name].ToString().Trim() is { Length: > 0 } key)
                return key;
        }

        var authorization = headers.Authorization.ToString().Trim();
        return FindBearer(authorization) ?? (authorization.Length > 0 ? authorization : null);
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindKey(Request.Headers) is not { } key)
            return AuthenticateResult.NoResult();
        var user = users.FindByKeyHash(ApiKeys.Hash(key));
        // Only what was sent as a bearer token may be one, and only when it is no key of the host's own: those need no plugin.
        if (user is null && FindBearer(Request.Headers.Authorization.ToString().Trim()) == key)
            user = await tokens.FindUserAsync(key);
        if (user is null)
            return AuthenticateResult.Fail("Unknown API key.");
        CurrentUser.Remember(Context, user);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, user.Name)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }

    private static string? FindBearer(string authorization) =>
        authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) && authorization[BearerPrefix.Length..].Trim() is { Length: > 0 } token ? token : null;

    private const string BearerPrefix = "Bearer ";
}
