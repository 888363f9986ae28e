using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>What one burst of requests measured.</summary>
/// <param name="Elapsed">From the first request's start to the last one's end.</param>
/// <param name="Milliseconds">How long each request took.</param>
internal sealed record Burst(TimeSpan Elapsed, IReadOnlyList<double> Milliseconds)
{
    public double PerSecond => Milliseconds.Count / Elapsed.TotalSeconds;

    public double MedianMilliseconds => Sample.Median(Milliseconds);
}

/// <summary>Clients that each send their next request when the last one was answered.</summary>
internal static class LoadGenerator
{
    /// <summary>Runs a number of requests, spread over the clients.</summary>
    /// <param name="clients">How many clients at once.</param>
    /// <param name="count">How many requests in all.</param>
    /// <param name="request">One request of a client; gets the client's number and the request's number.</param>
    public static async Task<Burst> RunAsync(int clients, int count, Func<int, int, Task> request)
    {
        var milliseconds = new double[count];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(client))));
        return new Burst(Stopwatch.GetElapsedTime(start), milliseconds);

        async Task RunClientAsync(int client)
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                var began = Stopwatch.GetTimestamp();
                await request(client, number);
                milliseconds[number] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }
    }
}
