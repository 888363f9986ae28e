using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>
/// Phraseanet's routes for developers at their own paths, as pages for browsers and as JSON for programs. Whoever is signed in may have applications; his are his own
/// and the administrators' to see and to change, which Phraseanet does not check everywhere.
/// </summary>
internal sealed class DevelopersDoor(Applications applications, ClientTokens tokens, DeveloperCalls calls, DeveloperPages pages, IHostIdentity identity, IHostInformation host, Gate gate) : IDoor
{
    /// <summary>Where it all stands.</summary>
    public const string Root = "/developers";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        const string One = Root + "/application/{id}";
        endpoints.MapGet(Root + "/applications", ForUsers(calls.ListAsync));
        endpoints.MapGet(Root + "/application/new", ForUsers(calls.ListAsync));
        endpoints.MapPost(Root + "/application", ForUsers(calls.RegisterAsync, isForPeople: true)).Audited(Acts.CreateApplication);
        endpoints.MapPost(Root + "/consent/{id}/revoke", ForUsers((context, user) => calls.RevokeAsync(context, user, IdOf(context) ?? 0), isForPeople: true)).Audited(Acts.RevokeConsent);
        endpoints.MapGet(One, ForOwners(calls.ShowAsync));
        endpoints.MapDelete(One, ForOwners(calls.DeleteAsync, isForPeople: true)).Audited(Acts.DeleteApplication);
        endpoints.MapPost(One + "/delete", ForOwners(calls.DeleteAsync, isForPeople: true)).Audited(Acts.DeleteApplication);
        endpoints.MapPost(One + "/secret", ForOwners(calls.RenewSecretAsync, isForPeople: true, isOwnersAlone: true)).Audited(Acts.RenewApplicationSecret);
        endpoints.MapPost(One + "/callback", ForOwners(calls.MoveAsync, isForPeople: true, isOwnersAlone: true)).Audited(Acts.ChangeApplication);
        endpoints.MapPost(One + "/webhook", ForOwners(calls.SetUrlAsync)).Audited(Acts.ChangeSubscription);
        endpoints.MapDelete(One + "/webhook", ForOwners(calls.DeleteWebhookAsync)).Audited(Acts.DeleteSubscription);
        endpoints.MapPost(One + "/active-webhook", ForOwners(calls.SetActiveAsync)).Audited(Acts.ChangeSubscription);
        endpoints.MapPost(One + "/listened-event", ForOwners(calls.ListenAsync)).Audited(Acts.ChangeSubscription);
        endpoints.MapPost(One + "/listened-events", ForOwners(calls.ListenToAllAsync)).Audited(Acts.ChangeSubscription);
        endpoints.MapPost(One + "/hmac-key", ForOwners(calls.RenewKeyAsync, isForPeople: true)).Audited(Acts.RotateSecret);
    }

    /// <summary>The address of an application's page.</summary>
    public static string HrefOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Root}/application/{id}/");

    /// <summary>Where a user takes back what he let an application do.</summary>
    public static string RevokeHrefOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Root}/consent/{id}/revoke/");

    /// <summary>A handler for an application's owner and for administrators.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="isForPeople">Whether a token of an application does not do.</param>
    /// <param name="isOwnersAlone">Whether it gives what one can act for the owner with: an administrator is not to become a system administrator by it.</param>
    private RequestDelegate ForOwners(Func<HttpContext, HostUser, ClientApplication, Task> handler, bool isForPeople = false, bool isOwnersAlone = false) => ForUsers(
        (context, user) =>
        {
            var application = IdOf(context) is { } id ? applications.Find(id) : null;
            // Another's application is not there for him.
            if (application is null || !(application.IsOwnedBy(user.Name) || user.Roles.Contains(Gate.AdminRole)))
                return pages.RefuseAsync(context, StatusCodes.Status404NotFound, texts => texts.NotFound);
            context.NoteSubject(AuditSubject.Application(application.Id, application.Name, application.Owner));
            return isOwnersAlone && !application.IsOwnedBy(user.Name)
                ? pages.RefuseAsync(context, StatusCodes.Status403Forbidden, texts => texts.OwnerOnly)
                : handler(context, user, application);
        },
        isForPeople);

    private static long? IdOf(HttpContext context) =>
        long.TryParse(context.Request.RouteValues["id"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>A handler for who is signed in.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="isForPeople">Whether a token of an application does not do: what it could give itself would outlive the token.</param>
    private RequestDelegate ForUsers(Func<HttpContext, HostUser, Task> handler, bool isForPeople = false) => async context =>
    {
        DeveloperInput.Limit(context);
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user)
        {
            if (HttpMethods.IsGet(context.Request.Method) && DeveloperPages.IsWanted(context.Request) && host.SignInAddress(context.Request.Path + context.Request.QueryString) is { } signIn)
                DeveloperPages.Redirect(context, signIn);
            else
                await pages.RefuseAsync(context, StatusCodes.Status401Unauthorized, texts => texts.NotSignedIn).ConfigureAwait(false);
        }
        else if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            await pages.RefuseAsync(context, StatusCodes.Status400BadRequest, texts => texts.OnceMore).ConfigureAwait(false);
        }
        else if (isForPeople && await IsApplicationAsync(context).ConfigureAwait(false))
        {
            await pages.RefuseAsync(context, StatusCodes.Status403Forbidden, texts => texts.ByApplication).ConfigureAwait(false);
        }
        else
        {
            await handler(context, user).ConfigureAwait(false);
        }
    };

    private async Task<bool> IsApplicationAsync(HttpContext context)
    {
        const string Scheme = "Bearer ";
        var authorization = context.Request.Headers.Authorization.ToString().Trim();
        return authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && await tokens.FindAsync(authorization[Scheme.Length..].Trim(), context.RequestAborted).ConfigureAwait(false) is not null;
    }
}
