using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>The list of deliveries, and the page of one: every attempt with its request, its answer and where its time went.</summary>
internal sealed class DeliveryPages(
    DeliveryHistory history, SubscriptionAccess access, EventPipeline events, DeliveryList list, PageDrawing drawing, Gate gate, IAntiforgery antiforgery) : IDoor
{
    /// <summary>Where the list is.</summary>
    public const string Path = PageDrawing.Root + "/deliveries";

    /// <summary>The states of deliveries, to choose from.</summary>
    public static readonly IReadOnlyList<string> States = [.. Enum.GetValues<DeliveryState>().Select(StateNames.Of)];

    /// <summary>The page of a delivery.</summary>
    public static string HrefOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}");

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, Guarded(ListAsync));
        endpoints.MapGet(Path + "/{id}", Guarded((context, user) => OfSeenAsync(context, user, story => ShowAsync(context, user, story))));
        endpoints.MapGet(Path + "/{id}/body", Guarded((context, user) => OfSeenAsync(context, user, story => SendBodyAsync(context, story))));
        endpoints.MapPost(Path + "/{id}/resend", Guarded((context, user) => OfSeenAsync(context, user, story => ActAsync(context, user, story, events.ResendAsync)))).Audited(Acts.ResendDelivery);
        endpoints.MapPost(Path + "/{id}/cancel", Guarded((context, user) => OfSeenAsync(context, user, story => ActAsync(context, user, story, events.CancelAsync)))).Audited(Acts.CancelDelivery);
    }

    private RequestDelegate Guarded(Func<HttpContext, HostUser, Task> show) => async context =>
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        context.Response.Headers.CacheControl = "no-store";
        await show(context, user).ConfigureAwait(false);
    };

    private async Task ListAsync(HttpContext context, HostUser user)
    {
        var view = await list.ReadAsync(user, context.Request.Query, context.RequestAborted).ConfigureAwait(false);
        if (context.Request.Query["part"] != "rows")
        {
            await drawing.DrawAsync<DeliveryListPage>(context, view.Texts.Title, view).ConfigureAwait(false);
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync((await drawing.RenderAsync<DeliveryRowsPart>(view.Rows).ConfigureAwait(false)).Value ?? "", context.RequestAborted).ConfigureAwait(false);
    }

    private Task ShowAsync(HttpContext context, HostUser user, DeliveryStory story)
    {
        // What was done stands in the address after the redirect, as one of a few words.
        var texts = DeliveryTexts.In(user.Language);
        var notice = context.Request.Query["done"].ToString() switch { "resent" => texts.Resent, "later" => texts.ResentLater, "cancelled" => texts.Cancelled, _ => null };
        return DrawAsync(context, user, story, notice, null);
    }

    private Task DrawAsync(HttpContext context, HostUser user, DeliveryStory story, string? notice, string? alarm)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        var view = DeliveryDetails.Of(story, user.Language) with { TokenName = tokens.FormFieldName, Token = tokens.RequestToken ?? "", Notice = notice, Alarm = alarm };
        return drawing.DrawAsync<DeliveryDetailPage>(context, $"{view.Texts.Delivery} {view.Delivery.Id}", view);
    }

    // As a file, whatever its type: a browser must not take it for a page of this site.
    private static Task SendBodyAsync(HttpContext context, DeliveryStory story)
    {
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{DeliveryDetails.FileNameOf(story)}\"";
        context.Response.ContentLength = story.Body.Length;
        return context.Response.Body.WriteAsync(story.Body, context.RequestAborted).AsTask();
    }

    private async Task ActAsync(HttpContext context, HostUser user, DeliveryStory story, Func<long, Task<ActionResult>> act)
    {
        var texts = DeliveryTexts.In(user.Language);
        if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            context.NoteNoAct();
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await DrawAsync(context, user, story, null, texts.OnceMore).ConfigureAwait(false);
            return;
        }
        var id = story.Delivery.Id;
        switch (await act(id).ConfigureAwait(false))
        {
            case ActionResult.Done done:
                context.NoteAct(access.SubjectOfDelivery(id, story.Delivery.SubscriptionId));
                var isCancelled = context.Request.Path.Value!.EndsWith("/cancel", StringComparison.Ordinal);
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = $"{HrefOf(id)}?done={(isCancelled ? "cancelled" : done.IsServed ? "resent" : "later")}";
                break;
            case ActionResult.NotFound:
                await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
                break;
            case var refused:
                context.Response.StatusCode = StatusCodes.Status409Conflict;
                var words = refused switch { ActionResult.NoMessage => texts.NoMessage, ActionResult.Blocked => texts.Blocked, _ => texts.NotNow };
                await DrawAsync(context, user, history.Find(id) ?? story, null, words).ConfigureAwait(false);
                break;
        }
    }

    // One that the user does not see is not there.
    private Task OfSeenAsync(HttpContext context, HostUser user, Func<DeliveryStory, Task> show)
    {
        var name = context.Request.RouteValues["id"]?.ToString();
        return long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            && history.Find(id) is { } story && !access.Hidden(user).Contains(story.Delivery.SubscriptionId)
            ? show(story)
            : drawing.RefuseAsync(context, StatusCodes.Status404NotFound, DeliveryTexts.In(user.Language).NotThere);
    }
}
