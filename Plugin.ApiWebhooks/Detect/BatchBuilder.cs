using Dam.Hosting;
using Plugin.ApiWebhooks.Deliver;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Detect;

/// <summary>Matches changes with subscribers and renders each change once for all that look the same.</summary>
/// <param name="dispatcher">Promises places to what is handed over at once.</param>
/// <param name="host">The host's address and title.</param>
/// <param name="broken">Told of a dialect that could not render; such a change is passed over for its subscriber, to the operator's eyes.</param>
internal sealed class BatchBuilder(Dispatcher dispatcher, IHostInformation host, Action<Exception, Subscriber, Change> broken)
{
    private readonly Dictionary<string, (Rendering Rendering, List<NewDelivery> Deliveries)> _renderings = new(StringComparer.Ordinal);

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
            foreach (var (rendering, deliveries) in _renderings.Values)
                messages.Add(ToMessage(change, rendering, deliveries));
        }
        return messages;
    }

    private void Add(Change change, Subscriber subscriber)
    {
        if (!_renderings.TryGetValue(subscriber.Rules.RenderingKey, out var rendered))
        {
            try
            {
                rendered = (subscriber.Rules.Render(change, host), []);
            }
            catch (Exception exception)
            {
                // One dialect's fault must not stop the changes of all.
                broken(exception, subscriber, change);
                return;
            }
            _renderings.Add(subscriber.Rules.RenderingKey, rendered);
        }
        rendered.Deliveries.Add(NewDelivery(change, subscriber));
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

    private static NewMessage ToMessage(Change change, Rendering rendering, List<NewDelivery> deliveries) => new()
    {
        ChangeSequence = change.Sequence,
        ChangeId = change.Id,
        Kind = StandardEvents.Of(change.Kind),
        RecordId = change.Record?.Id,
        OccurredAt = change.OccurredAt,
        ContentType = rendering.ContentType,
        Body = rendering.Body,
        Deliveries = deliveries,
    };
}
