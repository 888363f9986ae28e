using System.Globalization;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.Tests.Deliver;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Replay;

/// <summary>The way of events with one real receiver, and what the tests of replays do with it.</summary>
public abstract class ReplayFixture : IAsyncLifetime
{
    internal PipelineFixture F { get; } = new();

    internal Receiver Receiver { get; private set; } = null!;

    internal Replays Replays => F.Pipeline.Replays!;

    public async Task InitializeAsync() => Receiver = await Receiver.StartAsync(F.Clock);

    public async Task DisposeAsync()
    {
        await F.DisposeAsync();
        await Receiver.DisposeAsync();
    }

    internal HookSettings Hook(string start = "now", string key = "hook") =>
        PipelineFixture.Hook(Receiver.Url + "/" + key, key) with { StartFrom = StartFrom.Parse(start)! };

    internal void Append(int count)
    {
        for (var i = 0; i < count; i++)
            F.Log.Append();
    }

    /// <summary>Appends changes and waits until they are delivered to one hook.</summary>
    internal async Task DeliverAsync(int count)
    {
        var stored = F.WhenStored(count);
        Append(count);
        await stored;
    }

    internal async Task<ReplayJob> BeginAsync(ReplayWhich which, Func<ReplayRequest, ReplayRequest>? shape = null, long subscriptionId = 1)
    {
        var request = new ReplayRequest(which);
        return (await Replays.BeginAsync(subscriptionId, shape?.Invoke(request) ?? request, default))!;
    }

    /// <summary>Runs a replay to its end, and waits until what it made owed was sent.</summary>
    internal async Task<ReplayReport> RunAsync(ReplayWhich which, int sends, Func<ReplayRequest, ReplayRequest>? shape = null, long subscriptionId = 1)
    {
        var stored = sends == 0 ? Task.CompletedTask : F.WhenStored(sends);
        var report = await WhenFinishedAsync((await BeginAsync(which, shape, subscriptionId)).Id);
        await stored;
        return report;
    }

    internal async Task<ReplayReport> WhenFinishedAsync(long id)
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Replays.Finished += each =>
        {
            if (each == id)
                finished.TrySetResult();
        };
        if (Replays.Find(id)!.Job.State == ReplayState.Running)
            await finished.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return Replays.Find(id)!;
    }

    /// <summary>How many requests came for each change, by its sequence.</summary>
    internal Dictionary<long, int> Arrived(string key = "hook") => Receiver.All.Where(each => each.Path == "/" + key)
        .CountBy(each => System.Text.Json.JsonDocument.Parse(each.Body).RootElement.GetProperty("data").GetProperty("sequence").GetInt64()).ToDictionary();

    internal string States() => F.Query<string>(
        "SELECT coalesce(string_agg(s, ', '), '') FROM (SELECT state || ' ' || count(*) AS s FROM delivery GROUP BY state ORDER BY state) AS states");

    internal static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
