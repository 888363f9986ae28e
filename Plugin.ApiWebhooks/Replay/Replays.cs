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

    private ReplayReport Describe(ReplayJob job) => new(job, WhatItWaitsFor(job), Notices(job));

    private string? WhatItWaitsFor(ReplayJob job)
    {
        if (job.State != ReplayState.Running)
            return null;
        if (find(job.SubscriptionId) is not { } subscriber)
            return "The hook is not in config.json now; the replay goes on when it is back.";
        if (!subscriber.IsServed && !job.IsDryRun)
            return $"The subscription is {StateNames.Of(subscriber.Subscription.State)}; the replay goes on when it is resumed.";
        return store.FindNext(job.SubscriptionId)?.Id < job.Id ? "An earlier replay of the subscription runs first." : null;
    }

    private List<string> Notices(ReplayJob job)
    {
        var notices = new List<string>();
        if (job.MissingUpTo is { } missing)
            notices.Add($"The change log begins after change {missing}: changes of the window before that are not kept any more and were not replayed.");
        if (store.FindForgotten(job.SubscriptionId) is { } forgotten && forgotten > job.Window.After)
        {
            notices.Add(job.Which == ReplayWhich.Failed
                ? $"Finished deliveries of changes up to {forgotten} were removed because of their age; what failed among them is not known any more. Ask for all."
                : $"Finished deliveries of changes up to {forgotten} were removed because of their age: some of these changes may have been delivered before.");
        }
        return notices;
    }
}

/// <summary>A job with what people want to know of it.</summary>
/// <param name="Job">The job.</param>
/// <param name="WaitsFor">Why it stands still, or null.</param>
/// <param name="Notices">What it could not do, in words.</param>
internal sealed record ReplayReport(ReplayJob Job, string? WaitsFor, IReadOnlyList<string> Notices);
