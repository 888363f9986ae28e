using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Pages;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>
/// Where users are asked whether an application may act for them (RFC 6749, section 3.1): a page in the host's frame, for a person who is signed in. The answer's form
/// is checked from the start like the request, so that nothing in it can be changed on the way.
/// </summary>
internal sealed class AuthorizeEndpoint(
    Applications applications, ClientTokens tokens, IHostIdentity identity, IHostInformation host, IPageFrame frame, IAntiforgery antiforgery, Drawing drawing) : IDoor
{
    private const string Address = TokenEndpoint.Root + "/authorize";

    private static readonly string[] Parameters =
        ["response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Address, (RequestDelegate)AskAsync);
        endpoints.MapPost(Address, (RequestDelegate)AnswerAsync).Audited(Acts.GiveConsent);
    }

    private async Task AskAsync(HttpContext context)
    {
        OAuthJson.ForbidStoring(context);
        var form = OAuthForm.OfQuery(context.Request);
        var reading = AuthorizationRequest.Read(form, applications.Find);
        if (await AcceptAsync(context, reading).ConfigureAwait(false) is not var (request, user))
            return;
        // 1. The answer leads away from here, which the host's pages else forbid.
        var destination = RedirectAddress.OriginOf(request.Application.RedirectUri);
        if (context.Response.Headers.ContentSecurityPolicy.ToString() is { Length: > 0 } policy)
            context.Response.Headers.ContentSecurityPolicy = policy.Replace("form-action 'self'", "form-action 'self' " + destination, StringComparison.Ordinal);
        // 2. The request goes into the form as it came.
        var token = antiforgery.GetAndStoreTokens(context);
        var texts = ConsentTexts.In(user.Language);
        var view = new ConsentView
        {
            Texts = texts,
            StyleHref = PageAssets.Style,
            Application = request.Application.Name,
            Description = request.Application.Description,
            Website = request.Application.Website,
            Owner = request.Application.Owner,
            User = user.DisplayName,
            Destination = destination,
            Fields =
            [
                .. Parameters.Where(name => form[name] is not null).Select(name => KeyValuePair.Create(name, form[name]!)),
                KeyValuePair.Create(token.FormFieldName, token.RequestToken!),
            ],
        };
        await frame.WriteAsync(context, texts.Title, await drawing.DrawAsync<ConsentPage>(view).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // Unless the user says yes below.
        context.NoteNoAct();
        OAuthJson.ForbidStoring(context);
        if (await OAuthForm.ReadAsync(context.Request).ConfigureAwait(false) is not { } form)
        {
            await ShowAsync(context, StatusCodes.Status400BadRequest, texts => texts.TooOld).ConfigureAwait(false);
            return;
        }
        // Before anything of the form is believed, errors that are sent on included.
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is { ApiKeyName: null } && !await antiforgery.IsRequestValidAsync(context).ConfigureAwait(false))
        {
            await ShowAsync(context, StatusCodes.Status400BadRequest, texts => texts.TooOld).ConfigureAwait(false);
            return;
        }
        var reading = AuthorizationRequest.Read(form, applications.Find);
        if (await AcceptAsync(context, reading).ConfigureAwait(false) is not var (request, user))
            return;
        if (form["decision"] == "allow")
        {
            context.NoteAct(AuditSubject.Application(request.Application.Id, request.Application.Name, request.Application.Owner));
            var code = await tokens.MakeCodeAsync(request.Application, user, request.RedirectUri, request.Challenge).ConfigureAwait(false);
            Redirect(context, request.AnswerAddress(new KeyValuePair<string, string>("code", code)));
        }
        else
        {
            Redirect(context, request.AnswerAddress(new OAuthError("access_denied", "The user does not want it.")));
        }
    }

    /// <summary>Finds the request and the person; when one cannot be had, answers and gives null.</summary>
    private async Task<(AuthorizationRequest Request, HostUser User)?> AcceptAsync(HttpContext context, AuthorizationReading reading)
    {
        var user = await identity.FindUserAsync(context).ConfigureAwait(false);
        switch (reading)
        {
            case AuthorizationReading.Untrusted untrusted:
                await ShowAsync(context, StatusCodes.Status400BadRequest, texts => texts.NotPossible + " " + untrusted.Reason).ConfigureAwait(false);
                return null;
            case var _ when user is null && HttpMethods.IsGet(context.Request.Method) && host.SignInAddress(context.Request.Path + context.Request.QueryString) is { } signIn:
                Redirect(context, signIn);
                return null;
            case var _ when user is null:
                await ShowAsync(context, StatusCodes.Status401Unauthorized, texts => texts.NotSignedIn).ConfigureAwait(false);
                return null;
            case var _ when user.ApiKeyName is not null:
                await ShowAsync(context, StatusCodes.Status403Forbidden, texts => texts.NotAPerson).ConfigureAwait(false);
                return null;
            case AuthorizationReading.Faulty faulty:
                Redirect(context, faulty.Request.AnswerAddress(faulty.Error));
                return null;
            default:
                return (((AuthorizationReading.Good)reading).Request, user);
        }
    }

    private async Task ShowAsync(HttpContext context, int status, Func<ConsentTexts, string> choose)
    {
        var user = await identity.FindUserAsync(context).ConfigureAwait(false);
        var texts = ConsentTexts.In(user?.Language ?? host.DefaultLanguage);
        context.Response.StatusCode = status;
        var words = new HtmlContentBuilder().AppendHtml("<p>").Append(choose(texts)).AppendHtml("</p>");
        await frame.WriteAsync(context, texts.Title, words).ConfigureAwait(false);
    }

    // 303: after a form, too, the browser fetches the address and posts nothing to it.
    private static void Redirect(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }
}
