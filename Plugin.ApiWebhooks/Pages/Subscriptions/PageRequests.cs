using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>What all pages of subscriptions ask of a request: who it is, which subscription it is about, and whether a form was meant.</summary>
internal sealed class PageRequests(PageDrawing drawing, SubscriptionAccess access, Gate gate, IAntiforgery antiforgery)
{
    /// <summary>Where the pages are.</summary>
    public const string Path = PageDrawing.Root + "/subscriptions";

    private const long MostBytes = 2 * 1024 * 1024;

    /// <summary>The page of a subscription.</summary>
    public static string HrefOf(SubscriptionSummary subscription) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{subscription.Id}");

    /// <summary>A handler for administrators; others are answered why not.</summary>
    public RequestDelegate Guarded(Func<HttpContext, HostUser, Task> show) => async context =>
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        context.Response.Headers.CacheControl = "no-store";
        await show(context, user).ConfigureAwait(false);
    };

    /// <summary>A handler for a subscription that the administrator sees; any other is not there.</summary>
    public RequestDelegate OfOne(Func<HttpContext, HostUser, SubscriptionSummary, Task> show) => Guarded((context, user) =>
        access.Find(user, context.Request.RouteValues["id"]?.ToString() ?? "") is { } subscription
            ? show(context, user, subscription)
            : drawing.RefuseAsync(context, StatusCodes.Status404NotFound, SubscriptionTexts.In(user.Language).NotThere));

    /// <summary>A handler for one that is stored; those of config.json are changed there.</summary>
    public RequestDelegate OfStored(Func<HttpContext, HostUser, SubscriptionSummary, StoredHook, Task> show) => OfOne((context, user, subscription) =>
        access.FindStored(subscription) is { } hook
            ? show(context, user, subscription, hook)
            : SubscriptionAccess.IsStored(subscription.Key)
                ? drawing.RefuseAsync(context, StatusCodes.Status404NotFound, SubscriptionTexts.In(user.Language).NotThere)
                : drawing.RefuseAsync(context, StatusCodes.Status409Conflict, SubscriptionTexts.In(user.Language).InFile));

    /// <summary>The token that a form must carry.</summary>
    public FormToken TokenFor(HttpContext context)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new FormToken(tokens.FormFieldName, tokens.RequestToken ?? "");
    }

    /// <summary>The posted form; null when it cannot be read, or was not meant.</summary>
    public async Task<(IFormCollection? Form, bool IsMeant)> ReadAsync(HttpContext context, HostUser user)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength > MostBytes)
            return (null, false);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
            return (form, await gate.IsMeantAsync(context, user).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return (null, false);
        }
    }

    /// <summary>Leads to a page after a form was done, so that reloading does nothing again.</summary>
    public static void SeeOther(HttpContext context, string href)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = href;
    }
}
