using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>The one webhook of each application: a stored hook with the application for its scope and the application's owner for its own.</summary>
/// <param name="applications">Keeps what an application listens to before it has an address.</param>
/// <param name="stored">The stored hooks.</param>
/// <param name="events">Knows which subscriptions are served, and serves them again.</param>
/// <param name="settings">The hooks in force.</param>
/// <param name="secrets">What they sign with.</param>
/// <param name="history">What was delivered.</param>
internal sealed class ApplicationWebhooks(
    Applications applications, StoredHooks stored, EventPipeline events, SettingsWatcher settings, HookSecrets secrets, DeliveryHistory history) : IDisposable
{
    private const int LatestDeliveries = 10;
    private const string Legacy = "legacy";

    private readonly SemaphoreSlim _changing = new(1, 1);

    /// <summary>An application's webhook as it stands.</summary>
    /// <param name="application">The application.</param>
    /// <param name="withDeliveries">Whether the latest deliveries are read too.</param>
    public WebhookState StateOf(ClientApplication application, bool withDeliveries = true)
    {
        var hook = Find(application);
        var source = hook?.Settings ?? new JsonObject { [Keys.Listened] = JsonNode.Parse(application.ListenedEvents) };
        var subscription = hook is null ? null : events.Subscriptions?.Current.FirstOrDefault(each => each.Subscription.Key == hook.Key)?.Subscription;
        return new WebhookState
        {
            Url = hook?.Settings[Keys.Url]?.ToString(),
            IsActive = subscription?.State == SubscriptionState.Active,
            WhyNot = subscription is { State: SubscriptionState.Disabled } ? subscription.StateReason : null,
            Listened = [.. (source[Keys.Listened] as JsonArray ?? []).Select(each => each!.ToString())],
            IsLegacy = source[Keys.Format]?.ToString() == Legacy,
            Deliveries = subscription is null || !withDeliveries ? [] : [.. history.ReadLatestOf(subscription.Id, LatestDeliveries).Select(Line)],
        };
    }

    /// <summary>Sets the address. That also switches the webhook on.</summary>
    /// <returns>What is wrong; null when it was saved.</returns>
    public Task<string?> SetUrlAsync(ClientApplication application, string url, string by) => ChangeAsync(application, by, own =>
    {
        own[Keys.Url] = url;
        own[Keys.Enabled] = true;
    }, creates: true);

    /// <summary>Switches the webhook on or off. Off, it is owed nothing; what it was owed before waits until it is on.</summary>
    /// <returns>What is wrong; null when it was saved.</returns>
    public Task<string?> SetActiveAsync(ClientApplication application, bool isActive, string by) => ChangeAsync(application, by, own => own[Keys.Enabled] = isActive);

    /// <summary>Adds an event to the list, or takes it out.</summary>
    /// <returns>What is wrong; null when it was saved.</returns>
    public Task<string?> ListenAsync(ClientApplication application, string name, bool isAdded, string by) => ChangeAsync(application, by, own =>
    {
        var names = (own[Keys.Listened] as JsonArray ?? []).Select(each => each!.ToString()).Where(each => each != name);
        own[Keys.Listened] = new JsonArray([.. (isAdded ? names.Append(name) : names).Select(each => (JsonNode)each)]);
    });

    /// <summary>Sets the whole list and the format.</summary>
    /// <returns>What is wrong; null when it was saved.</returns>
    public Task<string?> ListenAsync(ClientApplication application, IReadOnlyList<string> names, bool isLegacy, string by) => ChangeAsync(application, by, own =>
    {
        own[Keys.Listened] = new JsonArray([.. names.Distinct().Select(each => (JsonNode)each)]);
        if (isLegacy)
            own[Keys.Format] = Legacy;
        else
            own.Remove(Keys.Format);
    });

    /// <summary>Gives the webhook a new signing secret; the former signs beside it for a while.</summary>
    /// <returns>The secret, to be shown this once; null when there is no webhook.</returns>
    public async Task<string?> RenewKeyAsync(ClientApplication application)
    {
        if (Find(application) is not { } hook || settings.Current.Hooks.FirstOrDefault(each => each.Key == hook.Key) is not { } inForce || !HookSecrets.CanRotate(inForce))
            return null;
        var rotation = await secrets.RotateAsync(inForce, settings.Current.Delivery.SecretOverlap).ConfigureAwait(false);
        await settings.RefreshSecretsAsync().ConfigureAwait(false);
        return rotation.Secret?.Reveal();
    }

    /// <summary>Deletes the webhook, if there is one.</summary>
    public async Task DeleteAsync(ClientApplication application)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(application) is { } hook)
                await stored.DeleteAsync(hook.Id).ConfigureAwait(false);
            await stored.RemoveDeletedOfAsync(ScopeOf(application)).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _changing.Dispose();

    private async Task<string?> ChangeAsync(ClientApplication application, string by, Action<JsonObject> change, bool creates = false)
    {
        // One at a time: an application has one webhook, also when two pages save at once.
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            var result = Find(application) is { } hook
                ? await ReplaceAsync(hook, by, change).ConfigureAwait(false)
                : await CreateAsync(applications.Find(application.Id) ?? application, change, creates).ConfigureAwait(false);
            return result switch
            {
                StoreResult.Refused refused => string.Join(' ', refused.Faults.Select(fault => $"{fault.Message} {fault.Remedy}")),
                StoreResult.NotFound => "The webhook was deleted meanwhile.",
                _ => null,
            };
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<StoreResult> ReplaceAsync(StoredHook hook, string by, Action<JsonObject> change)
    {
        var own = hook.Settings.DeepClone().AsObject();
        change(own);
        var result = await stored.ReplaceAsync(hook.Id, new StoredHookEdit(own, by) { Extra = hook.Extra }).ConfigureAwait(false);
        // Switched off for its failures, or paused by a person: who switches it on means it to go.
        if (result is StoreResult.Stored && string.Equals(own[Keys.Enabled]?.ToString(), "true", StringComparison.OrdinalIgnoreCase)
            && events.Subscriptions?.Current.FirstOrDefault(each => each.Subscription.Key == hook.Key) is { IsServed: false } subscriber)
            await events.Subscriptions.ResumeAsync(subscriber.SubscriptionId, CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    // Before there is an address nothing can be sent; what is to be listened to is kept, and checked all the same.
    private async Task<StoreResult?> CreateAsync(ClientApplication application, Action<JsonObject> change, bool creates)
    {
        var own = new JsonObject
        {
            ["label"] = application.ActorName,
            ["dialect"] = PhraseanetDialect.DialectName,
            [Keys.Url] = "https://example.org/",
            [Keys.Enabled] = true,
            [Keys.Listened] = JsonNode.Parse(application.ListenedEvents),
        };
        change(own);
        var hook = new NewStoredHook(own, application.Owner) { Scope = ScopeOf(application) };
        if (creates)
        {
            // One that was deleted must not come back beside it.
            await stored.RemoveDeletedOfAsync(hook.Scope).ConfigureAwait(false);
            return await stored.CreateAsync(hook).ConfigureAwait(false);
        }
        if (own.ContainsKey(Keys.Format))
            return new StoreResult.Refused([new PluginFault(FaultSeverity.Error, Keys.Format, "The webhook has no address yet.", "Save its address first.")]);
        if (stored.Check(hook) is { Settings: null } check)
            return new StoreResult.Refused(check.Faults);
        await applications.KeepListenedEventsAsync(application.Id, own[Keys.Listened]!.ToJsonString()).ConfigureAwait(false);
        return null;
    }

    private StoredHook? Find(ClientApplication application)
    {
        var scope = ScopeOf(application);
        return stored.All.FirstOrDefault(hook => hook.Scope == scope);
    }

    private DeliveryLine Line(DeliveryEntry delivery) => new()
    {
        Id = delivery.MessageId,
        Event = history.Find(delivery.Id) is { } story ? EventOf(story) ?? delivery.Kind : delivery.Kind,
        Created = delivery.CreatedAt,
        Delivered = delivery.State == DeliveryState.Delivered,
        State = StateNames.Of(delivery.State),
        Tries = delivery.Attempts,
        Status = delivery.LastAttempt?.Status,
        Detail = delivery.LastAttempt?.Detail ?? delivery.Refusal?.Detail,
    };

    // An administrator may have given the hook another dialect, whose bodies need not be JSON.
    private static string? EventOf(DeliveryStory story)
    {
        if (story.Body.IsEmpty)
            return null;
        try
        {
            using var body = JsonDocument.Parse(story.Body);
            return body.RootElement.ValueKind == JsonValueKind.Object
                && (body.RootElement.TryGetProperty("event", out var name) || body.RootElement.TryGetProperty("name", out name)) && name.ValueKind == JsonValueKind.String
                ? name.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null; // The kind of the change is told in its place.
        }
    }

    private static string ScopeOf(ClientApplication application) => string.Create(CultureInfo.InvariantCulture, $"application/{application.Id}");

    // The keys of a hook that are set here.
    private static class Keys
    {
        public const string Url = "url";
        public const string Enabled = "enabled";
        public const string Listened = "listened_events";
        public const string Format = "format";
    }
}

/// <summary>An application's webhook.</summary>
internal sealed record WebhookState
{
    /// <summary>Where events are sent; null as long as nobody said.</summary>
    public string? Url { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Why it was switched off without anybody's wish; null when it was not.</summary>
    public string? WhyNot { get; init; }

    /// <summary>The events that are sent; empty for everything.</summary>
    public required IReadOnlyList<string> Listened { get; init; }

    public required bool IsLegacy { get; init; }

    /// <summary>The latest deliveries, newest first.</summary>
    public required IReadOnlyList<DeliveryLine> Deliveries { get; init; }
}

/// <summary>One of the latest deliveries.</summary>
internal sealed record DeliveryLine
{
    /// <summary>The <c>webhook-id</c> on the wire.</summary>
    public required string Id { get; init; }

    public required string Event { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required bool Delivered { get; init; }

    /// <summary>Its state in the words of the management API.</summary>
    public required string State { get; init; }

    public required int Tries { get; init; }

    /// <summary>The status of the last answer; null when none came.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong, for people.</summary>
    public string? Detail { get; init; }
}
