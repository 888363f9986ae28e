using System.Text;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Trying a hook: <c>test</c> really sends one message and answers with the whole exchange, <c>preview</c> shows what would be sent and sends nothing. Neither touches
/// the queue: nothing is retried and nothing stands in the history.
/// </summary>
internal sealed class TrialCalls(
    SubscriptionAccess access, StoredHooks stored, SettingsWatcher settings, TrialChanges changes, GuardedSender sender, IHostInformation host, TimeProvider time, Gate gate)
{
    private const string TestHeader = "webhook-test";

    /// <summary>Maps the calls.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost($"{ManagementApi.Root}/subscriptions/{{id}}/test", gate.ForAdministrators(TestAsync)).Audited(Acts.TestSubscription);
        endpoints.MapPost($"{ManagementApi.Root}/preview", gate.ForAdministrators(PreviewAsync)).Unaudited("Nothing is stored and nothing is sent.");
    }

    private async Task TestAsync(HttpContext context)
    {
        var (user, name) = (Gate.UserOf(context), context.Request.RouteValues["id"]?.ToString() ?? "");
        if (access.Find(user, name) is not { } subscription)
        {
            await Problem.NotFound($"There is no subscription {name}.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        if (settings.Current.Hooks.FirstOrDefault(each => each.Key == subscription.Key) is not { } hook)
        {
            await Problem.Of(409, "Not possible", "The subscription's hook is not in force: it was removed or deleted, or its settings are refused.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var (body, fault) = await JsonBody.ReadAsync(context.Request).ConfigureAwait(false);
        if (fault is not null || !TrialBody.TryReadWish(body, ["event", "recordId"], out var wish, out fault))
        {
            await Problem.BadRequest(fault).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var (trial, why) = await changes.FindAsync(hook, wish, user, context.RequestAborted).ConfigureAwait(false);
        var rendered = trial is null ? null : Render(trial, hook);
        if (trial is null || rendered!.Refusal is not null)
        {
            await Problem.Of(422, "Nothing to send", why ?? rendered!.Refusal!.Detail).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var post = Prepare(trial, rendered, hook, subscription.Id);
        post = post with { Headers = [.. post.Headers, KeyValuePair.Create(TestHeader, "true")] };
        var result = await sender.PostAsync(post, context.RequestAborted).ConfigureAwait(false);
        context.NoteAct(access.SubjectOf(subscription), $"{trial.EventName}, {result.Outcome}");
        await ManagementApi.WriteAsync(context, TestView.From(trial, ShownRequest.Of(post, hook), result), ApiJson.Readable.TestView).ConfigureAwait(false);
    }

    private async Task PreviewAsync(HttpContext context)
    {
        var (body, fault) = await JsonBody.ReadObjectAsync(context.Request).ConfigureAwait(false);
        if (body is null || !TrialBody.TryReadPreview(body, out var given, out var wish, out fault))
        {
            await Problem.BadRequest(fault!).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var user = Gate.UserOf(context);
        var check = stored.Check(new NewStoredHook(given, user.Name));
        var view = new PreviewView { Faults = [.. check.Faults.Select(FaultView.From)] };
        if (check.Settings is { } hook)
            view = await DescribeAsync(view, WithExampleKeys(hook), wish, user, context.RequestAborted).ConfigureAwait(false);
        await ManagementApi.WriteAsync(context, view, ApiJson.Readable.PreviewView).ConfigureAwait(false);
    }

    private async Task<PreviewView> DescribeAsync(PreviewView view, HookSettings hook, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        var (trial, why) = await changes.FindAsync(hook, wish, user, cancellationToken).ConfigureAwait(false);
        var rendered = trial is null ? null : Render(trial, hook);
        if (trial is null || rendered!.Refusal is not null)
            return view with { Obstacle = why ?? rendered!.Refusal!.Detail };
        return view with
        {
            Event = trial.EventName,
            IsExample = trial.IsExample,
            PassesFilter = trial.PassesFilter,
            Request = ShownRequest.Of(Prepare(trial, rendered, hook, subscriptionId: 0), hook),
            Signature = new SignatureView(
                hook.Signing.ToString().ToLowerInvariant(), StandardSignature.SignatureHeader,
                "The real signature is made at each attempt, with the hook's own secret or key pair; the one shown is made with an example's."),
        };
    }

    private RenderedMessage Render(TrialChange trial, HookSettings hook) =>
        MessageRendering.Of(trial.Change, hook.Rules, host, settings.Current.Delivery.MostMessageBytes, hook.IsThin);

    private OutgoingPost Prepare(TrialChange trial, RenderedMessage rendered, HookSettings hook, long subscriptionId)
    {
        var message = MessageRendering.ToMessage(trial.Change, rendered, []);
        var delivery = ClaimedDelivery.Of(message, new NewDelivery(subscriptionId, DeliveryState.InFlight), stream: null, token: 0);
        return new Deliver.Route(hook, settings.Current.Delivery).Post(delivery, time.GetUtcNow());
    }

    // A hook that is not stored yet has not been given what it signs with.
    private static HookSettings WithExampleKeys(HookSettings hook) => hook with
    {
        Secret = hook.Secret ?? (WebhookSecret.TryParse(EventCatalogue.ExampleSecret, out var secret) ? secret : null),
        SigningKey = hook.Signing == HookSigning.V1 ? null : SigningKey.Generate(),
    };
}
