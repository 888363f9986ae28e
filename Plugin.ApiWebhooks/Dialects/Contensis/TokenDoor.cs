using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Clients;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// Where Contensis' clients fetch their token: <c>/authenticate/connect/token</c>, with the grant client credentials. The applications are those of this site. Scopes are
/// accepted and mean nothing: what a token may do, its application's owner may.
/// </summary>
/// <param name="tokens">Issues them.</param>
internal sealed class TokenDoor(ClientTokens tokens) : IDoor
{
    private const string Unaudited = "Programs fetch a token every hour; that an application may is what was decided.";

    private static readonly OAuthError UnsupportedGrant = new("unsupported_grant_type", "Known here is client_credentials.");

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/authenticate/connect/token", (RequestDelegate)TokenAsync).Unaudited(Unaudited);

    private async Task TokenAsync(HttpContext context)
    {
        var result = await IssueAsync(context).ConfigureAwait(false);
        if (result is TokenResult.Issued issued)
            await OAuthJson.WriteAsync(context, issued).ConfigureAwait(false);
        else
            await OAuthJson.WriteAsync(context, ((TokenResult.Refused)result).Error).ConfigureAwait(false);
    }

    private async Task<TokenResult> IssueAsync(HttpContext context)
    {
        if (await OAuthForm.ReadAsync(context.Request).ConfigureAwait(false) is not { } form)
            return Refuse(OAuthError.InvalidRequest("Send a form: Content-Type application/x-www-form-urlencoded, at most 64 KB."));
        if (form.Repeated is not null)
            return Refuse(OAuthError.InvalidRequest("A parameter stands there more than once."));
        if (ClientCredentials.Read(context.Request, form, out var error) is not { } credentials)
            return Refuse(error);
        if (tokens.Authenticate(credentials.ClientId, credentials.Secret) is not { } application)
            return Refuse(OAuthError.InvalidClient);
        return form["grant_type"] switch
        {
            null => Refuse(OAuthError.InvalidRequest("The parameter grant_type is missing.")),
            "client_credentials" => await tokens.IssueToOwnerAsync(application, context.RequestAborted).ConfigureAwait(false),
            _ => Refuse(UnsupportedGrant),
        };
    }

    private static TokenResult.Refused Refuse(OAuthError error) => new(error);
}
