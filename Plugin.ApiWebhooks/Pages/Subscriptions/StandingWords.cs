using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Pages.Receiving;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>Puts how a subscription stands into words, with the remedy beside each trouble.</summary>
internal sealed class StandingWords(SettingsWatcher settings, SettingsFile file, SubscriptionAccess access, HookOptionTables options, DeliveryHistory history)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The hook in force of a subscription, or null.</summary>
    public HookSettings? HookOf(SubscriptionSummary subscription) => settings.Current.Hooks.FirstOrDefault(hook => hook.Key == subscription.Key);

    /// <summary>The page of a subscription.</summary>
    public StandingView Describe(SubscriptionSummary subscription, HostUser user, FormToken token)
    {
        var (texts, pageTexts) = (StandingTexts.In(user.Language), PageTexts.In(user.Language));
        var (hook, kept, href) = (HookOf(subscription), access.FindStored(subscription), PageRequests.HrefOf(subscription));
        var held = history.FindHeld(subscription.Id);
        var isStored = SubscriptionAccess.IsStored(subscription.Key);
        var canRotate = hook is not null && HookSecrets.CanRotate(hook);
        var given = kept?.Settings ?? hook?.Filed?.Settings;
        return new StandingView
        {
            Texts = texts,
            Language = user.Language,
            Token = token,
            Title = subscription.Label,
            Href = href,
            State = hook is null && kept is not null ? new MarkView(Tone.Bad, texts.Refused) : SubscriptionListPages.MarkOf(subscription.State, pageTexts),
            Dialect = hook?.Dialect ?? kept?.Dialect ?? "–",
            Address = hook is null ? "–" : ShownUrl.Of(hook.Url),
            Where = isStored ? kept?.Owner ?? "–" : texts.InFile,
            Reason = subscription.State == SubscriptionState.Active ? null : subscription.StateReason,
            FailingSince = subscription.State is SubscriptionState.Active or SubscriptionState.Disabled ? subscription.FailingSince : null,
            Standing = [.. Sentences(subscription, hook, kept, held, texts)],
            Faults = hook is null && kept is not null ? FaultsOf(kept) : [],
            ReplayFailedHref = hook is not null && GivenUp(subscription) > 0 ? $"{PageDrawing.Root}/replays/new?subscription={subscription.Id.ToString(CultureInfo.InvariantCulture)}" : null,
            CanPause = hook is not null && subscription.State == SubscriptionState.Active,
            CanResume = hook is { Enabled: true } && (subscription.State is SubscriptionState.Paused or SubscriptionState.Disabled || held is not null),
            HasHeld = held is not null,
            CanKeep = hook is { Order: DeliveryOrder.None },
            RotateHint = !canRotate ? null : settings.Current.Delivery.SecretOverlap is var overlap && overlap > TimeSpan.Zero
                ? string.Format(CultureInfo.InvariantCulture, texts.RotateHint, Durations.InWords(overlap, SubscriptionTexts.In(user.Language).IsFrench)) : texts.RotateNow,
            SecretInSettings = hook is { SecretIsConfigured: true },
            FileHint = isStored ? null : hook?.Filed is { } filed ? string.Format(CultureInfo.InvariantCulture, texts.FileHint, file.Path, filed.Place) : texts.NotInForce,
            Links = [.. Links(subscription, hook, texts, href)],
            EditHref = kept is null ? null : href + "/edit",
            DuplicateHref = given is null ? null : href + "/duplicate",
            DeleteHref = kept is null ? null : href + "/delete",
            Facts = [.. Facts(subscription, hook, kept, texts)],
            Settings = given is null ? null : SettingsMask.Mask(given, options.Of(hook?.Dialect ?? kept?.Dialect)).ToJsonString(Indented),
        };
    }

    private static IEnumerable<PageLink> Links(SubscriptionSummary subscription, HookSettings? hook, StandingTexts texts, string href)
    {
        var query = "?subscription=" + subscription.Id.ToString(CultureInfo.InvariantCulture);
        if (hook is not null)
            yield return new PageLink(href + "/test", texts.Test);
        yield return new PageLink($"{PageDrawing.Root}/deliveries{query}", texts.Deliveries);
        if (hook is null)
            yield break;
        yield return new PageLink($"{PageDrawing.Root}/replays/new{query}", texts.Replay);
        yield return new PageLink(ReceivingPages.Path + query, texts.Receiving);
    }

    private static IEnumerable<string> Sentences(SubscriptionSummary subscription, HookSettings? hook, StoredHook? kept, HeldSummary? held, StandingTexts texts)
    {
        var hint = subscription.State switch
        {
            SubscriptionState.Disabled => texts.DisabledHint,
            SubscriptionState.Paused when hook is { Enabled: false } => texts.NotEnabledHint,
            SubscriptionState.Paused => texts.PausedHint,
            SubscriptionState.Removed when kept is null && SubscriptionAccess.IsStored(subscription.Key) => texts.RemovedHint,
            _ => null,
        };
        if (hint is not null)
            yield return hint;
        if (held is not null)
        {
            yield return string.Format(CultureInfo.InvariantCulture, texts.Held, held.Count.ToString("N0", CultureInfo.InvariantCulture), At(held.From), At(held.To));
            if (held.IsKept && subscription.State == SubscriptionState.Active)
                yield return texts.HeldKept;
        }
        if (GivenUp(subscription) is var givenUp and > 0)
            yield return string.Format(CultureInfo.InvariantCulture, texts.GivenUp, givenUp.ToString("N0", CultureInfo.InvariantCulture));
    }

    private static IEnumerable<(string, string)> Facts(SubscriptionSummary subscription, HookSettings? hook, StoredHook? kept, StandingTexts texts)
    {
        yield return (texts.Key, subscription.Key);
        if (kept is not null)
        {
            yield return (texts.Owner, kept.Owner);
            yield return (texts.Version, kept.Version.ToString(CultureInfo.InvariantCulture));
            yield return (texts.Changed, $"{At(kept.ModifiedAt)}, {kept.ModifiedBy}");
        }
        yield return (texts.Created, kept is null ? At(subscription.CreatedAt) : $"{At(kept.CreatedAt)}, {kept.CreatedBy}");
        yield return (texts.Delivered, subscription.Count(DeliveryState.Delivered).ToString("N0", CultureInfo.InvariantCulture));
        yield return (texts.Owed, subscription.Count(DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held).ToString("N0", CultureInfo.InvariantCulture));
        if (subscription.OldestUndeliveredAt is { } oldest)
            yield return (texts.OldestOwed, At(oldest));
        if (hook is null)
            yield break;
        yield return (texts.Order, OrderNames.Of(hook.Order));
        yield return (texts.Signing, hook.Signing switch { HookSigning.V1 => "v1 (HMAC-SHA256)", HookSigning.V1a => "v1a (Ed25519)", _ => "v1 (HMAC-SHA256), v1a (Ed25519)" });
        foreach (var key in hook.PublicKeys)
            yield return (texts.PublicKey, key);
    }

    private IReadOnlyList<string> FaultsOf(StoredHook hook)
    {
        var place = $"Subscription {hook.Id:D}: ";
        return [.. settings.Faults.Where(fault => fault.Place.StartsWith(place, StringComparison.Ordinal)).Select(fault => $"{fault.Place[place.Length..]}: {fault.Message} {fault.Remedy}")];
    }

    private static long GivenUp(SubscriptionSummary subscription) => subscription.Count(DeliveryState.Exhausted, DeliveryState.Cancelled);

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
