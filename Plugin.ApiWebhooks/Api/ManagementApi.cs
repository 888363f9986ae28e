using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// The management API under <c>/api/webhooks/</c>. For administrators; presses of a record also for those who may edit it. Raw request delegates:
/// handlers built by reflection would keep the plugin from being unloaded.
/// </summary>
internal sealed class ManagementApi(
    SettingsWatcher settings,
    HookSecrets secrets,
    DeliveryHistory history,
    DeliverySearch search,
    DeliveryQueryReader queries,
    EventPipeline events,
    IHostIdentity identity,
    ReplayCalls replays,
    PressCalls presses,
    SubscriptionAccess access,
    HookOptionTables options,
    Gate gate)
{
    public const string Root = "/api/webhooks";

    private const int DefaultLimit = 50;
    private const int HighestLimit = 500;

    /// <summary>Maps the calls.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{Root}/subscriptions", gate.ForAdministrators(ListSubscriptionsAsync));
        endpoints.MapGet($"{Root}/subscriptions/{{id}}", gate.ForAdministrators(ShowSubscriptionAsync));
        endpoints.MapPost($"{Root}/subscriptions/{{id}}/rotate-secret", gate.ForAdministrators(RotateSecretAsync)).Audited(Acts.RotateSecret);
        endpoints.MapPost($"{Root}/subscriptions/{{id}}/pause", gate.ForAdministrators(PauseAsync)).Audited(Acts.PauseSubscription);
        endpoints.MapPost($"{Root}/subscriptions/{{id}}/resume", gate.ForAdministrators(ResumeAsync)).Audited(Acts.ResumeSubscription);
        endpoints.MapPost($"{Root}/deliveries/{{id}}/resend", gate.ForAdministrators(context => ActAsync(context, events.ResendAsync))).Audited(Acts.ResendDelivery);
        endpoints.MapPost($"{Root}/deliveries/{{id}}/cancel", gate.ForAdministrators(context => ActAsync(context, events.CancelAsync))).Audited(Acts.CancelDelivery);
        endpoints.MapGet($"{Root}/deliveries", gate.ForAdministrators(ListDeliveriesAsync));
        endpoints.MapGet($"{Root}/deliveries/{{id}}", gate.ForAdministrators(ShowDeliveryAsync));
        replays.Map(endpoints, Root, gate.ForAdministrators);
        presses.Map(endpoints, Root);
    }

    private Task ListSubscriptionsAsync(HttpContext context)
    {
        if (!Query.TryPage(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problem.BadRequest(fault).WriteAsync(context);
        var found = access.ReadAll(Gate.UserOf(context), after, limit + 1);
        var page = found.Take(limit).Select(View).ToArray();
        return WriteAsync(context, new SubscriptionPage(page, found.Count > limit ? page[^1].Id : null), ApiJson.Readable.SubscriptionPage);
    }

    private Task ShowSubscriptionAsync(HttpContext context)
    {
        if (FindSubscription(context) is not { } subscription)
            return NoSubscription(context).WriteAsync(context);
        var stored = access.FindStored(subscription);
        SubscriptionCalls.SetTag(context, stored);
        var view = View(subscription) with { Missed = MissedBy(subscription), Settings = stored is null ? null : SettingsMask.Mask(stored.Settings, options.Of(stored.Dialect)) };
        return WriteAsync(context, view, ApiJson.Readable.SubscriptionView);
    }

    private async Task RotateSecretAsync(HttpContext context)
    {
        if (FindSubscription(context) is not { } subscription)
        {
            await NoSubscription(context).WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var hook = HookOf(subscription);
        if (hook is null || !HookSecrets.CanRotate(hook))
        {
            var detail = hook is null
                ? "The subscription's hook does not stand in config.json any more."
                : "The secret of this hook stands in config.json. Change it there, or remove it there to have one generated.";
            await Problem.Of(409, "Not possible", detail).WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var rotation = await secrets.RotateAsync(hook, settings.Current.Delivery.SecretOverlap).ConfigureAwait(false);
        await settings.RefreshSecretsAsync().ConfigureAwait(false);
        context.NoteAct(access.SubjectOf(subscription));
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, RotatedSecret.From(rotation), ApiJson.Readable.RotatedSecret).ConfigureAwait(false);
    }

    private async Task PauseAsync(HttpContext context)
    {
        var user = await identity.FindUserAsync(context).ConfigureAwait(false);
        await ServeAsync(context, id => events.Subscriptions!.PauseAsync(id, $"Paused by {user!.Name}.", context.RequestAborted)).ConfigureAwait(false);
    }

    private async Task ResumeAsync(HttpContext context)
    {
        var (body, fault) = await JsonBody.ReadAsync(context.Request).ConfigureAwait(false);
        if (fault is not null || ResumeBody.Read(body, out fault) is not { } held)
            await Problem.BadRequest(fault).WriteAsync(context).ConfigureAwait(false);
        else if (held == HeldChoice.Keep && FindSubscription(context) is { } subscription && IsOrdered(subscription))
            await Problem.Of(409, "Not possible", "The hook is sent its changes in order: what is held comes before what comes new. Deliver it or cancel it.")
                .WriteAsync(context).ConfigureAwait(false);
        else
            await ServeAsync(context, id => events.Subscriptions!.ResumeAsync(id, context.RequestAborted, held), AuditedHooks.Describe(held)).ConfigureAwait(false);
    }

    private async Task ServeAsync(HttpContext context, Func<long, Task<bool>> change, string? detail = null)
    {
        if (FindSubscription(context) is not { } subscription)
            await NoSubscription(context).WriteAsync(context).ConfigureAwait(false);
        else if (!await change(subscription.Id).ConfigureAwait(false))
            await Problem.Of(409, "Not possible", "The subscription's hook does not stand in config.json any more.").WriteAsync(context).ConfigureAwait(false);
        else
        {
            context.NoteAct(access.SubjectOf(subscription), detail);
            await ShowSubscriptionAsync(context).ConfigureAwait(false);
        }
    }

    private async Task ActAsync(HttpContext context, Func<long, Task<ActionResult>> act)
    {
        var isNumber = long.TryParse(RouteId(context), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id);
        var story = isNumber ? FindDelivery(context, id) : null;
        switch (story is not null ? await act(id).ConfigureAwait(false) : new ActionResult.NotFound())
        {
            case ActionResult.Done:
                context.NoteAct(access.SubjectOfDelivery(id, story!.Delivery.SubscriptionId));
                await ShowDeliveryAsync(context).ConfigureAwait(false);
                break;
            case ActionResult.NotNow notNow:
                await Problem.Of(409, "Not possible", $"The delivery is {StateNames.Of(notNow.State).Replace('_', ' ')}.").WriteAsync(context).ConfigureAwait(false);
                break;
            case ActionResult.NoMessage:
                await Problem.Of(409, "Not possible", "No message could be made of the change, so there is nothing to send again. Do what its reason says, then replay what failed.")
                    .WriteAsync(context).ConfigureAwait(false);
                break;
            case ActionResult.Blocked blocked:
                await Problem.Of(409, "Not possible", $"The delivery waits for delivery {blocked.By}: its hook is sent changes in order.").WriteAsync(context).ConfigureAwait(false);
                break;
            default:
                await Problem.NotFound($"There is no delivery {RouteId(context)}.").WriteAsync(context).ConfigureAwait(false);
                break;
        }
    }

    private async Task ListDeliveriesAsync(HttpContext context)
    {
        if (!Query.TryPage(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
        {
            await Problem.BadRequest(fault).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var query = queries.Read(Gate.UserOf(context), context.Request.Query, out var faults);
        if (faults.Count > 0)
        {
            var (name, kind) = faults.First();
            var problem = kind == QueryFault.NoSubscription ? Problem.NotFound($"There is no subscription {context.Request.Query[name]}.") : Problem.BadRequest(Query.Describe(name, kind));
            await problem.WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var (found, next) = await search.FindOldestAsync(query, after, limit, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, new DeliveryPage([.. found.Select(DeliveryView.From)], next), ApiJson.Readable.DeliveryPage).ConfigureAwait(false);
    }

    private Task ShowDeliveryAsync(HttpContext context) =>
        long.TryParse(RouteId(context), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) && FindDelivery(context, id) is { } story
            ? WriteAsync(context, DeliveryView.From(story), ApiJson.Readable.DeliveryView)
            : Problem.NotFound($"There is no delivery {RouteId(context)}.").WriteAsync(context);

    // One that the caller does not see is not there.
    private DeliveryStory? FindDelivery(HttpContext context, long id) =>
        history.Find(id) is { } story && !access.Hidden(Gate.UserOf(context)).Contains(story.Delivery.SubscriptionId) ? story : null;

    private SubscriptionSummary? FindSubscription(HttpContext context) => access.Find(Gate.UserOf(context), RouteId(context));

    private HookSettings? HookOf(SubscriptionSummary subscription) => settings.Current.Hooks.FirstOrDefault(hook => hook.Key == subscription.Key);

    private SubscriptionView View(SubscriptionSummary subscription) => SubscriptionView.From(subscription, HookOf(subscription), access.FindStored(subscription));

    private MissedView? MissedBy(SubscriptionSummary subscription) =>
        MissedView.Of(subscription, history.FindHeld(subscription.Id), HookOf(subscription) is not null, IsOrdered(subscription));

    private bool IsOrdered(SubscriptionSummary subscription) => HookOf(subscription) is { Order: not DeliveryOrder.None };

    private static Problem NoSubscription(HttpContext context) => Problem.NotFound($"There is no subscription {RouteId(context)}.");

    private static string RouteId(HttpContext context) => context.Request.RouteValues["id"]?.ToString() ?? "";

    public static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted);
    }
}
