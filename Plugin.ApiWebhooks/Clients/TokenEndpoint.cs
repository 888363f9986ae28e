using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>Where applications fetch tokens (RFC 6749, section 3.2) and give them back (RFC 7009).</summary>
/// <param name="tokens">Issues and revokes.</param>
internal sealed class TokenEndpoint(ClientTokens tokens) : IDoor
{
    /// <summary>Phraseanet's address of its authorization server.</summary>
    public const string Root = "/api/oauthv2";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Root + "/token", (RequestDelegate)TokenAsync).Unaudited("Programs fetch a token every hour; that an application may is what was decided.");
        endpoints.MapPost(Root + "/revoke", (RequestDelegate)RevokeAsync).Unaudited("A program gives back its own token.");
    }

    private async Task TokenAsync(HttpContext context)
    {
        if (await AuthenticateAsync(context).ConfigureAwait(false) is not var (form, application))
            return;
        var grant = form["grant_type"];
        var result = grant switch
        {
            null => Refuse("The parameter grant_type is missing."),
            "authorization_code" when !application.ByCode => new TokenResult.Refused(OAuthError.Unauthorized("This application has no address that users are sent back to.")),
            "authorization_code" when form["code"] is { } code =>
                await tokens.ExchangeAsync(application, code, form["redirect_uri"], form["code_verifier"]).ConfigureAwait(false),
            "authorization_code" => Refuse("The parameter code is missing."),
            "client_credentials" => await tokens.IssueToOwnerAsync(application, context.RequestAborted).ConfigureAwait(false),
            "refresh_token" when form["refresh_token"] is { } refresh => await tokens.RefreshAsync(application, refresh).ConfigureAwait(false),
            "refresh_token" => Refuse("The parameter refresh_token is missing."),
            _ => new TokenResult.Refused(OAuthError.UnsupportedGrant),
        };
        if (result is TokenResult.Issued issued)
            await OAuthJson.WriteAsync(context, issued).ConfigureAwait(false);
        else
            await OAuthJson.WriteAsync(context, ((TokenResult.Refused)result).Error).ConfigureAwait(false);
    }

    private async Task RevokeAsync(HttpContext context)
    {
        if (await AuthenticateAsync(context).ConfigureAwait(false) is not var (form, application))
            return;
        if (form["token"] is not { } token)
        {
            await OAuthJson.WriteAsync(context, OAuthError.InvalidRequest("The parameter token is missing.")).ConfigureAwait(false);
            return;
        }
        // A token that is not known is as good as revoked.
        await tokens.RevokeAsync(application, token).ConfigureAwait(false);
        OAuthJson.ForbidStoring(context);
    }

    /// <summary>Reads the form and finds out which application sent it; when that cannot be, answers and gives null.</summary>
    private async Task<(OAuthForm Form, ClientApplication Application)?> AuthenticateAsync(HttpContext context)
    {
        if (await OAuthForm.ReadAsync(context.Request).ConfigureAwait(false) is not { } form)
            await OAuthJson.WriteAsync(context, OAuthError.InvalidRequest("Send a form: Content-Type application/x-www-form-urlencoded, at most 64 KB.")).ConfigureAwait(false);
        else if (form.Repeated is not null)
            await OAuthJson.WriteAsync(context, OAuthError.InvalidRequest("A parameter stands there more than once.")).ConfigureAwait(false);
        else if (ClientCredentials.Read(context.Request, form, out var error) is not { } credentials)
            await OAuthJson.WriteAsync(context, error).ConfigureAwait(false);
        else if (tokens.Authenticate(credentials.ClientId, credentials.Secret) is not { } application)
            await OAuthJson.WriteAsync(context, OAuthError.InvalidClient).ConfigureAwait(false);
        else
            return (form, application);
        return null;
    }

    private static TokenResult.Refused Refuse(string description) => new(OAuthError.InvalidRequest(description));
}

/// <summary>The answer with tokens (RFC 6749, section 5.1).</summary>
internal sealed record TokenAnswer(string AccessToken, string TokenType, long ExpiresIn, string? RefreshToken);

/// <summary>The answer with an error (section 5.2).</summary>
internal sealed record ErrorAnswer(string Error, string ErrorDescription);

/// <summary>How the token endpoint writes JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
internal sealed partial class OAuthJson : JsonSerializerContext
{
    private static readonly OAuthJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes tokens as the answer.</summary>
    public static Task WriteAsync(HttpContext context, TokenResult.Issued issued)
    {
        Prepare(context);
        var answer = new TokenAnswer(issued.AccessToken, "Bearer", (long)issued.Lifetime.TotalSeconds, issued.RefreshToken);
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, Readable.TokenAnswer, context.RequestAborted);
    }

    /// <summary>Writes an error as the answer: 401 for an application that is not known, else 400.</summary>
    public static Task WriteAsync(HttpContext context, OAuthError error)
    {
        Prepare(context);
        context.Response.StatusCode = error == OAuthError.InvalidClient ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest;
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"OAuth 2.0 applications\", charset=\"UTF-8\"";
        return JsonSerializer.SerializeAsync(context.Response.Body, new ErrorAnswer(error.Code, error.Description), Readable.ErrorAnswer, context.RequestAborted);
    }

    /// <summary>Tells caches to keep nothing of the answer.</summary>
    public static void ForbidStoring(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
    }

    private static void Prepare(HttpContext context)
    {
        ForbidStoring(context);
        context.Response.ContentType = "application/json; charset=utf-8";
    }
}
