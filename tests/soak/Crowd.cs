using System.Text.Json;
using EndToEnd.Tests.Kill;
using Microsoft.AspNetCore.Http;

namespace Soak;

/// <summary>The receivers: good ones, slow ones, bad ones, and some that want their events in order.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan s_mood = TimeSpan.FromSeconds(4);

    private readonly Random _random;
    private volatile bool _isWell;

    private Crowd(Random random) => _random = random;

    public IReadOnlyList<Member> Members { get; private set; } = [];

    /// <summary>The plugin's config.json. Many quick retries: an ill receiver is to be met by the next attempt soon, and nothing is to be given up.</summary>
    public string Config => JsonSerializer.Serialize(new
    {
        hooks = Members.Select(member => new
        {
            label = member.Name,
            url = member.Receiver.Address,
            events = new[] { "record.*" },
            order = member.Order,
        }),
        delivery = new { schedule = Enumerable.Repeat("1s", 99).Prepend("0s"), disableAfterDays = 0 },
        network = new { allow = Members.Select(member => member.Receiver.Address.Authority) },
    });

    public static async Task<Crowd> StartAsync(Random random)
    {
        var crowd = new Crowd(random);
        crowd.Members =
        [
            new Member("good", "none", await EventReceiver.StartAsync(), _ => Task.CompletedTask),
            new Member("slow", "none", await EventReceiver.StartAsync(), crowd.WaitAsync),
            new Member("fails often", "none", await EventReceiver.StartAsync(), crowd.FailOftenAsync),
            new Member("flaps", "none", await EventReceiver.StartAsync(), crowd.Flap),
            new Member("ordered by record", "record", await EventReceiver.StartAsync(), crowd.FailOftenAsync),
            new Member("ordered strictly", "strict", await EventReceiver.StartAsync(), crowd.WaitAsync),
        ];
        foreach (var member in crowd.Members)
            member.Receiver.BeforeAnswer = arrival => crowd._isWell ? Task.CompletedTask : member.Does(arrival);
        return crowd;
    }

    /// <summary>From here on everybody answers at once and well.</summary>
    public void BecomeWell() => _isWell = true;

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.Receiver.DisposeAsync();
    }

    private Task WaitAsync(EventReceiver.Arrival arrival) => Task.Delay(s_longestWait * Next(), TimeProvider.System, arrival.Gone);

    private Task FailOftenAsync(EventReceiver.Arrival arrival)
    {
        if (Next() < 0.1)
            arrival.AnswerWith(StatusCodes.Status500InternalServerError);
        return Task.CompletedTask;
    }

    // Down and up again, each for some seconds.
    private Task Flap(EventReceiver.Arrival arrival)
    {
        if (TimeProvider.System.GetElapsedTime(0).Ticks / s_mood.Ticks % 2 == 0)
            arrival.AnswerWith(StatusCodes.Status503ServiceUnavailable);
        return Task.CompletedTask;
    }

    private double Next()
    {
        lock (_random)
            return _random.NextDouble();
    }

    /// <summary>One receiver and its hook.</summary>
    /// <param name="Name">The hook's label.</param>
    /// <param name="Order">The hook's order.</param>
    /// <param name="Receiver">The receiver.</param>
    /// <param name="Does">What it does before it answers, while it is ill.</param>
    internal sealed record Member(string Name, string Order, EventReceiver Receiver, Func<EventReceiver.Arrival, Task> Does);
}
