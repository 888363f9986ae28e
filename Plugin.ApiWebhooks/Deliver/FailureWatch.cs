using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Watches over which subscriptions fail and nothing else, and since when. Decides only. The time since when is stored, so that a restart does not
/// start the count again.
/// </summary>
internal sealed class FailureWatch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, DateTimeOffset?> _failingSince = [];

    /// <summary>What follows from attempts: one of the nested records, and no other.</summary>
    internal abstract record Finding(long SubscriptionId)
    {
        /// <summary>It began to fail, or (null) it succeeds again: to be stored.</summary>
        internal sealed record Turned(long SubscriptionId, DateTimeOffset? FailingSince) : Finding(SubscriptionId);

        /// <summary>It is to be disabled.</summary>
        internal sealed record GiveUp(long SubscriptionId, string Reason) : Finding(SubscriptionId);
    }

    /// <summary>Learns what is stored of a subscription.</summary>
    public void Know(Subscription subscription)
    {
        lock (_gate)
            _failingSince[subscription.Id] = subscription.FailingSince;
    }

    /// <summary>Learns from attempts that were stored.</summary>
    /// <param name="settlements">The ends of attempts.</param>
    /// <param name="disableAfter">How long a subscription may fail and nothing else; zero for ever.</param>
    public List<Finding> Learn(IReadOnlyList<Settlement> settlements, TimeSpan disableAfter)
    {
        var findings = new List<Finding>();
        lock (_gate)
        {
            foreach (var (delivery, verdict, attempt) in settlements)
            {
                if (attempt is not null && verdict is not Verdict.Release)
                    Learn(delivery.SubscriptionId, verdict is Verdict.Deliver, attempt, disableAfter, findings);
            }
        }
        return findings;
    }

    private void Learn(long id, bool succeeded, AttemptRecord attempt, TimeSpan disableAfter, List<Finding> findings)
    {
        var since = _failingSince.GetValueOrDefault(id);
        if (succeeded)
        {
            if (since is not null)
                findings.Add(new Finding.Turned(id, _failingSince[id] = null));
            return;
        }
        if (attempt.Outcome == nameof(AttemptOutcome.Gone))
        {
            findings.Add(new Finding.GiveUp(id, "The receiver answered 410 Gone: it wants no more messages."));
        }
        else if (since is null)
        {
            findings.Add(new Finding.Turned(id, _failingSince[id] = attempt.StartedAt));
        }
        else if (disableAfter > TimeSpan.Zero && attempt.StartedAt - since >= disableAfter)
        {
            findings.Add(new Finding.GiveUp(
                id, $"Every attempt failed since {since:yyyy-MM-dd HH:mm} UTC; the last one: {attempt.Outcome}. {attempt.Detail}".TrimEnd()));
        }
    }
}
