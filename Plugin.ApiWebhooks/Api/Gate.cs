using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Lets through who may call.</summary>
internal sealed class Gate(IHostIdentity identity, IAntiforgery antiforgery)
{
    /// <summary>The role that manages webhooks.</summary>
    public const string AdminRole = "admin";

    /// <summary>The role that manages everybody's webhooks.</summary>
    public const string SysAdminRole = "sysadmin";

    /// <summary>A handler for administrators only; others are answered why not.</summary>
    public RequestDelegate ForAdministrators(RequestDelegate handler) => async context =>
    {
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            await Problem.NotSignedIn.WriteAsync(context).ConfigureAwait(false);
        else if (!user.Roles.Contains(AdminRole))
            await Problem.Forbidden("Webhooks are managed by users with the role admin.").WriteAsync(context).ConfigureAwait(false);
        else if (!await IsMeantAsync(context, user).ConfigureAwait(false))
            await Problem.Of(400, "Antiforgery token missing", "A request that is signed in by cookie must carry the page's antiforgery token in the header RequestVerificationToken. Programs send an API key instead.")
                .WriteAsync(context).ConfigureAwait(false);
        else
        {
            context.Items[typeof(Gate)] = user;
            await handler(context).ConfigureAwait(false);
        }
    };

    /// <summary>Who was let through.</summary>
    public static HostUser UserOf(HttpContext context) =>
        context.Items[typeof(Gate)] as HostUser ?? throw new InvalidOperationException("The request did not pass the gate.");

    /// <summary>Whether a request was meant by its user: another site can make a browser send its cookie, but not an API key.</summary>
    public async Task<bool> IsMeantAsync(HttpContext context, HostUser user) =>
        HttpMethods.IsGet(context.Request.Method) || user.ApiKeyName is not null || await antiforgery.IsRequestValidAsync(context).ConfigureAwait(false);
}
