using Dam.Hosting;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Matches changes with subscribers and renders each change once for all that look the same.</summary>
/// <param name="dispatcher">Promises places to what is handed over at once.</param>
/// <param name="host">The host's address and title.</param>
/// <param name="mostBytes">The longest message that is sent.</param>
/// <param name="told">Told of a message that was refused, or is sent thin.</param>
internal sealed class BatchBuilder(Dispatcher dispatcher, IHostInformation host, int mostBytes, Action<RenderedMessage, Subscriber, Change> told)
{
    private readonly Dictionary<string, (RenderedMessage Rendered, List<NewDelivery> Deliveries)> _renderings = new(StringComparer.Ordinal);

    /// <summary>The places promised for this batch, to be given back when it is not stored.</summary>
    public List<Lane> Reserved { get; } = [];

    /// <summary>What is not handed over: the lanes that must look for it, with the time it is due or null for at once.</summary>
    public List<(Lane Lane, DateTimeOffset? DueAt)> Stored { get; } = [];

    /// <summary>Builds the messages of a run of changes.</summary>
    /// <param name="changes">The changes, in order.</param>
    /// <param name="subscribers">Who may be owed them.</param>
    public List<NewMessage> Build(IReadOnlyList<Change> changes, IReadOnlyList<Subscriber> subscribers)
    {
        var messages = new List<NewMessage>();
        foreach (var change in changes)
        {
            _renderings.Clear();
            foreach (var subscriber in subscribers)
            {
                if (subscriber.IsOwed(change))
                    Add(change, subscriber);
            }
            foreach (var (rendered, deliveries) in _renderings.Values)
                messages.Add(MessageRendering.ToMessage(change, rendered, deliveries));
        }
        return messages;
    }

    private void Add(Change change, Subscriber subscriber)
    {
        if (!_renderings.TryGetValue(subscriber.RenderingKey, out var rendered))
        {
            rendered = (MessageRendering.Of(change, subscriber.Rules, host, mostBytes, subscriber.IsThin), []);
            _renderings.Add(subscriber.RenderingKey, rendered);
        }
        if (rendered.Rendered.Refusal is not null || rendered.Rendered.ThinInsteadOf > 0)
            told(rendered.Rendered, subscriber, change);
        rendered.Deliveries.Add(rendered.Rendered.Refusal is null
            ? NewDelivery(change, subscriber)
            : new NewDelivery(subscriber.SubscriptionId, DeliveryState.Exhausted));
    }

    private NewDelivery NewDelivery(Change change, Subscriber subscriber)
    {
        if (!subscriber.IsServed)
            return new NewDelivery(subscriber.SubscriptionId, DeliveryState.Held);
        if (subscriber.FirstWait > TimeSpan.Zero)
        {
            var dueAt = change.OccurredAt + subscriber.FirstWait;
            Stored.Add((subscriber.Lane, dueAt));
            return new NewDelivery(subscriber.SubscriptionId, DeliveryState.Waiting, dueAt);
        }
        if (dispatcher.TryReserve(subscriber.Lane))
        {
            Reserved.Add(subscriber.Lane);
            return new NewDelivery(subscriber.SubscriptionId, DeliveryState.InFlight);
        }
        Stored.Add((subscriber.Lane, null));
        return new NewDelivery(subscriber.SubscriptionId, DeliveryState.Pending);
    }
}
