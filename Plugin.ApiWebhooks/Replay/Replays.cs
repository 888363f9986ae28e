using Dam.Hosting;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Replay;

/// <summary>Takes requests for replays, tells of them, and cancels them.</summary>
internal sealed class Replays(IChangeLog log, DeliveryQueue queue, ReplayStore store, ReplayRunner runner, Func<long, Subscriber?> find)
{
    /// <summary>Raised, on a background thread, when a job is at its end.</summary>
    public event Action<long>? Finished
    {
        add => runner.Finished += value;
        remove => runner.Finished -= value;
    }

    /// <summary>Begins a job.</summary>
    /// <returns>The job; null when the subscription's hook is not in config.json now.</returns>
    public async Task<ReplayJob?> BeginAsync(long subscriptionId, ReplayRequest request, CancellationToken cancellationToken)
    {
        if (find(subscriptionId) is not { } subscriber)
            return null;
        var liveFrom = Math.Max(queue.ReadPosition() ?? 0, subscriber.Subscription.StartsAfter);
        var window = await ReplayWindows.FindAsync(log, request, liveFrom, cancellationToken);
        var job = await store.AddAsync(
            subscriptionId, new NewReplay(ReplayCause.Request, request.Which, window) { IsDryRun = request.DryRun, CreatedBy = request.By });
        runner.Wake(subscriptionId);
        return job;
    }

    /// <summary>Ends a job; what it made owed stays owed.</summary>
    /// <returns>False when it was not running.</returns>
    public Task<bool> CancelAsync(long id) => store.CancelAsync(id);

    /// <summary>One job with what people want to know of it, or null.</summary>
    public ReplayReport? Find(long id) => store.Find(id) is { } job ? Describe(job) : null;

    /// <summary>Jobs, oldest first.</summary>
    public IReadOnlyList<ReplayReport> ReadPage(long after, int limit, ReplayState? state, long? subscriptionId) =>
        [.. store.ReadPage(after, limit, state, subscriptionId).Select(Describe)];

    /// <summary>The replays that run, oldest first.</summary>
    /// <param name="limit">The most replays.</param>
    /// <param name="hidden">The subscriptions whose replays are left out.</param>
    public IReadOnlyList<ReplayReport> ReadRunning(int limit, IReadOnlyList<long> hidden) => [.. store.ReadRunning(limit, hidden).Select(Describe)];

    /// <summary>The replays that are over, newest first.</summary>
    /// <param name="before">Only those with a lower id; null for the newest.</param>
    /// <param name="limit">The most replays.</param>
    /// <param name="hidden">The subscriptions whose replays are left out.</param>
    public IReadOnlyList<ReplayReport> ReadEnded(long? before, int limit, IReadOnlyList<long> hidden) => [.. store.ReadEnded(before, limit, hidden).Select(Describe)];

    private ReplayReport Describe(ReplayJob job)
    {
        var forgotten = store.FindForgotten(job.SubscriptionId) is { } upTo && upTo > job.Window.After ? upTo : (long?)null;
        var subscriber = job.State == ReplayState.Running ? find(job.SubscriptionId) : null;
        return new ReplayReport(job, WhatItWaitsFor(job, subscriber), forgotten) { SubscriptionState = subscriber?.Subscription.State };
    }

    private ReplayWait? WhatItWaitsFor(ReplayJob job, Subscriber? subscriber)
    {
        if (job.State != ReplayState.Running)
            return null;
        if (subscriber is null)
            return ReplayWait.Hook;
        if (!subscriber.IsServed && !job.IsDryRun)
            return ReplayWait.Resuming;
        return store.FindNext(job.SubscriptionId)?.Id < job.Id ? ReplayWait.EarlierReplay : null;
    }
}

/// <summary>Why a job stands still.</summary>
internal enum ReplayWait
{
    /// <summary>Its hook is not configured now.</summary>
    Hook,

    /// <summary>Its subscription is not served now.</summary>
    Resuming,

    /// <summary>The jobs of a subscription run one after the other.</summary>
    EarlierReplay,
}

/// <summary>A job with what people want to know of it.</summary>
/// <param name="Job">The job.</param>
/// <param name="Wait">Why it stands still, or null.</param>
/// <param name="ForgottenUpTo">Finished deliveries of its window were removed up to this change, because of their age; null when none were.</param>
internal sealed record ReplayReport(ReplayJob Job, ReplayWait? Wait, long? ForgottenUpTo)
{
    /// <summary>How its subscription stands, while it runs.</summary>
    public SubscriptionState? SubscriptionState { get; init; }

    /// <summary>Why it stands still, in words, or null.</summary>
    public string? WaitsFor => Wait switch
    {
        ReplayWait.Hook => "The hook is not in config.json now; the replay goes on when it is back.",
        ReplayWait.Resuming => $"The subscription is {StateNames.Of(SubscriptionState!.Value)}; the replay goes on when it is resumed.",
        ReplayWait.EarlierReplay => "An earlier replay of the subscription runs first.",
        _ => null,
    };

    /// <summary>What it could not do, in words.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            var notices = new List<string>();
            if (Job.MissingUpTo is { } missing)
                notices.Add($"The change log begins after change {missing}: changes of the window before that are not kept any more and were not replayed.");
            if (ForgottenUpTo is { } forgotten)
            {
                notices.Add(Job.Which == ReplayWhich.Failed
                    ? $"Finished deliveries of changes up to {forgotten} were removed because of their age; what failed among them is not known any more. Ask for all."
                    : $"Finished deliveries of changes up to {forgotten} were removed because of their age: some of these changes may have been delivered before.");
            }
            return notices;
        }
    }
}
