using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Api;

/// <summary>A request of a hook that is tried.</summary>
/// <param name="Change">What it tells of.</param>
/// <param name="Request">The request, with stars for secrets.</param>
internal sealed record Trial(TrialChange Change, RequestView Request)
{
    /// <summary>What came of sending it; null when it was not sent.</summary>
    public AttemptResult? Result { get; init; }
}

/// <summary>Tries hooks, for calls and pages: what would be sent, and what comes of really sending it. Neither touches the queue, and nothing of it is kept.</summary>
internal sealed class Trials(TrialChanges changes, SettingsWatcher settings, GuardedSender sender, IRecordReader records, IHostInformation host, TimeProvider time)
{
    private const string TestHeader = "webhook-test";

    /// <summary>Shows what would be sent.</summary>
    /// <param name="hook">The hook, with what it signs with.</param>
    /// <param name="wish">The event and the record.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="cancellationToken">Cancels reading the record.</param>
    /// <returns>The request, or why there is none.</returns>
    public async Task<(Trial? Trial, TrialRefusal? Refusal)> ShowAsync(HookSettings hook, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        var (prepared, refusal) = await PrepareAsync(hook, 0, wish, user, cancellationToken).ConfigureAwait(false);
        return prepared is var (change, post) ? (new Trial(change, ShownRequest.Of(post, hook)), null) : (null, refusal);
    }

    /// <summary>The same to the eyes of a hook's owner too: what he may not know of is not shown.</summary>
    public async Task<(Trial? Trial, TrialRefusal? Refusal)> ShowAsync(HookSettings hook, HostUser owner, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        var (trial, refusal) = await ShowAsync(hook, wish, user, cancellationToken).ConfigureAwait(false);
        return trial is { Change.IsExample: false } && !hook.Rules.MayReceive(trial.Change.Change, owner, records)
            ? (null, new TrialRefusal(TrialRefusalKind.NotForOwner, $"{owner.Name}, whose hook it is, may not know of this change."))
            : (trial, refusal);
    }

    /// <summary>Really sends one message.</summary>
    /// <param name="hook">The hook in force.</param>
    /// <param name="subscriptionId">Its subscription.</param>
    /// <param name="wish">The event and the record.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The exchange, or why there was nothing to send.</returns>
    public async Task<(Trial? Trial, TrialRefusal? Refusal)> SendAsync(HookSettings hook, long subscriptionId, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        var (prepared, refusal) = await PrepareAsync(hook, subscriptionId, wish, user, cancellationToken).ConfigureAwait(false);
        if (prepared is not var (change, post))
            return (null, refusal);
        post = post with { Headers = [.. post.Headers, KeyValuePair.Create(TestHeader, "true")] };
        var result = await sender.PostAsync(post, cancellationToken).ConfigureAwait(false);
        return (new Trial(change, ShownRequest.Of(post, hook)) { Result = result }, null);
    }

    /// <summary>A hook that is not stored yet, with an example of what it will be given to sign with.</summary>
    public static HookSettings WithExampleKeys(HookSettings hook) => hook with
    {
        Secret = hook.Secret ?? (WebhookSecret.TryParse(EventCatalogue.ExampleSecret, out var secret) ? secret : null),
        SigningKey = hook.Signing == HookSigning.V1 ? null : SigningKey.Generate(),
    };

    private async Task<((TrialChange Change, OutgoingPost Post)? Prepared, TrialRefusal? Refusal)> PrepareAsync(
        HookSettings hook, long subscriptionId, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        var (trial, refusal) = await changes.FindAsync(hook, wish, user, cancellationToken).ConfigureAwait(false);
        if (trial is null)
            return (null, refusal);
        var rendered = MessageRendering.Of(trial.Change, hook.Rules, host, settings.Current.Delivery.MostMessageBytes, hook.IsThin);
        if (rendered.Refusal is { } unmade)
            return (null, new TrialRefusal(TrialRefusalKind.NoMessage, unmade.Detail));
        var message = MessageRendering.ToMessage(trial.Change, rendered, []);
        var delivery = ClaimedDelivery.Of(message, new NewDelivery(subscriptionId, DeliveryState.InFlight), stream: null, token: 0);
        return ((trial, new Deliver.Route(hook, settings.Current.Delivery).Post(delivery, time.GetUtcNow())), null);
    }
}
