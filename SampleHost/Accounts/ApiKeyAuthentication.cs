using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SampleHost.Accounts;

/// <summary>Authenticates a request by its API key.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, Users users)
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
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            authorization = authorization["Bearer ".Length..].Trim();
        return authorization.Length > 0 ? authorization : null;
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindKey(Request.Headers) is not { } key)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (users.FindByKeyHash(ApiKeys.Hash(key)) is not { } user)
            return Task.FromResult(AuthenticateResult.Fail("Unknown API key."));
        CurrentUser.Remember(Context, user);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, user.Name)], Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }
}
