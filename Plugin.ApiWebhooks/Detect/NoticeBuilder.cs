using Dam.Hosting;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Makes the messages of a notice for whoever asked for it by name.</summary>
internal sealed class NoticeBuilder
{
    /// <summary>The lanes that must look for it, with the time it is due or null for at once.</summary>
    public List<(Lane Lane, DateTimeOffset? DueAt)> Stored { get; } = [];

    /// <summary>The notice in each rendering. Never for the subscription that it is about.</summary>
    public IReadOnlyList<NewMessage> Build(DisabledNotice notice, IReadOnlyList<Subscriber> subscribers, IHostInformation host) =>
    [
        .. subscribers
            .Where(each => each.SubscriptionId != notice.SubscriptionId && each.Rules.WantsNotice(DisabledNotice.Type))
            .GroupBy(each => each.Rules.RenderingKey, StringComparer.Ordinal)
            .Select(group => ToMessage(notice, group.First().Rules.RenderNotice(notice, host), [.. group.Select(each => NewDelivery(notice, each))])),
    ];

    private NewDelivery NewDelivery(DisabledNotice notice, Subscriber subscriber)
    {
        if (!subscriber.IsServed)
            return new NewDelivery(subscriber.SubscriptionId, DeliveryState.Held);
        DateTimeOffset? dueAt = subscriber.FirstWait > TimeSpan.Zero ? notice.At + subscriber.FirstWait : null;
        Stored.Add((subscriber.Lane, dueAt));
        return new NewDelivery(subscriber.SubscriptionId, dueAt is null ? DeliveryState.Pending : DeliveryState.Waiting, dueAt);
    }

    private static NewMessage ToMessage(DisabledNotice notice, Rendering rendering, List<NewDelivery> deliveries) => new()
    {
        ChangeSequence = 0, // given when it is stored
        ChangeId = notice.Id,
        Kind = DisabledNotice.Type,
        OccurredAt = notice.At,
        ContentType = rendering.ContentType,
        Body = rendering.Body,
        Values = rendering.Values,
        Deliveries = deliveries,
    };
}
