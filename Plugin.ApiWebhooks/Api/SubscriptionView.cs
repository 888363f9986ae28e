using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>A subscription for the management API. Never its secrets.</summary>
internal sealed record SubscriptionView
{
    public required long Id { get; init; }

    public required string Key { get; init; }

    public required string Label { get; init; }

    /// <summary><c>config.json</c>, or <c>stored</c> for one that was made by a call or on a page.</summary>
    public required string Source { get; init; }

    /// <summary>The id of a stored one; names it like its number and key.</summary>
    public Guid? StoredId { get; init; }

    /// <summary>The user whose rights decide what a stored one is sent.</summary>
    public string? Owner { get; init; }

    /// <summary>1 when a stored one was made, one more with each save. The ETag is made of it.</summary>
    public int? Version { get; init; }

    public string? Dialect { get; init; }

    public string? Url { get; init; }

    /// <summary><c>none</c>, <c>record</c> or <c>strict</c>.</summary>
    public string? Order { get; init; }

    /// <summary>The most attempts in a second; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The most attempts at once after a quiet time; null for no limit.</summary>
    public int? RateBurst { get; init; }

    public required string State { get; init; }

    public string? StateReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Whether the signing secret stands in config.json; else it was generated and can be rotated.</summary>
    public bool SecretIsConfigured { get; init; }

    /// <summary><c>v1</c>, <c>v1a</c> or <c>both</c>; null when the hook is not in config.json any more.</summary>
    public string? Signing { get; init; }

    /// <summary>With which receivers check <c>v1a</c> signatures: the current one first, then one that is being replaced. Empty without <c>v1a</c>.</summary>
    public required IReadOnlyList<string> PublicKeys { get; init; }

    /// <summary>How many deliveries stand in each state. <c>delivered</c> counts all that ever were taken, each once however often it was sent again, and also those removed since.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    public DateTimeOffset? OldestUndeliveredAt { get; init; }

    /// <summary>The entry of <c>hooks[]</c> that a stored one is, with stars for its secrets; only where one subscription is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Settings { get; init; }

    /// <summary>What a stored one signs with; only in the answer to its making, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>What it has missed, and the ways to make up for it; only where one subscription is asked for, and something was missed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MissedView? Missed { get; init; }

    public static SubscriptionView From(SubscriptionSummary summary, HookSettings? hook, StoredHook? stored = null) => new()
    {
        Id = summary.Id,
        Key = summary.Key,
        Label = summary.Label,
        Source = SubscriptionAccess.IsStored(summary.Key) ? "stored" : "config.json",
        StoredId = stored?.Id,
        Owner = stored?.Owner,
        Version = stored?.Version,
        Dialect = hook?.Dialect ?? stored?.Dialect,
        Url = hook is null ? null : ShownUrl.Of(hook.Url),
        Order = hook is null ? null : OrderNames.Of(hook.Order),
        RatePerSecond = hook?.Rate?.PerSecond,
        RateBurst = hook?.Rate?.Burst,
        State = StateNames.Of(summary.State),
        StateReason = summary.StateReason,
        CreatedAt = summary.CreatedAt,
        FailingSince = summary.FailingSince,
        SecretIsConfigured = hook?.SecretIsConfigured ?? false,
        Signing = hook?.Signing.ToString().ToLowerInvariant(),
        PublicKeys = hook?.PublicKeys ?? [],
        Counts = Enum.GetValues<DeliveryState>().ToDictionary(StateNames.Of, state => summary.Counts.GetValueOrDefault(state)),
        OldestUndeliveredAt = summary.OldestUndeliveredAt,
    };
}
