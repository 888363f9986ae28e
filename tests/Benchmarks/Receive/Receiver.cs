using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Benchmarks.Receive;

/// <summary>
/// The receiving side, run as a process of its own so that it shares nothing with what is measured. It answers every POST with 200 and
/// counts it; only what comes to <c>/hang</c> is never answered. Its first line of output is its address; it ends when its standard input does.
/// </summary>
internal sealed class Receiver
{
    private readonly Arrivals _arrivals = new();
    private readonly Lock _gate = new();
    private long _count;
    private long _unsigned;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(new Receiver().AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private Task AnswerAsync(HttpContext context) => HttpMethods.IsPost(context.Request.Method)
        ? TakeAsync(context)
        : context.Request.Path.Value switch
        {
            "/count" => WriteCountAsync(context),
            "/arrivals" => context.Response.WriteAsync(_arrivals.TakeAll()),
            _ => WriteUnsignedAsync(context),
        };

    private async Task TakeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/hang"))
        {
            await HangAsync(context.RequestAborted);
            return;
        }

        var arrivedAt = Stopwatch.GetTimestamp();
        var reader = context.Request.BodyReader;
        ReadResult body;
        while (!(body = await reader.ReadAsync()).IsCompleted)
            reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
        if (context.Request.Path.StartsWithSegments("/timed"))
            _arrivals.Add(body.Buffer, arrivedAt);
        reader.AdvanceTo(body.Buffer.End);

        if (!context.Request.Headers.ContainsKey("webhook-signature"))
            Interlocked.Increment(ref _unsigned);
        if (Interlocked.Increment(ref _count) < Volatile.Read(ref _awaited))
            return;
        lock (_gate)
            _reached.TrySetResult();
    }

    private static async Task HangAsync(CancellationToken aborted) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task WriteCountAsync(HttpContext context)
    {
        var atLeast = long.Parse(context.Request.Query["atLeast"].ToString(), CultureInfo.InvariantCulture);
        Task reached;
        lock (_gate)
        {
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _awaited, atLeast);
            if (Interlocked.Read(ref _count) >= atLeast)
                _reached.SetResult();
            reached = _reached.Task;
        }

        await reached;
        Volatile.Write(ref _awaited, long.MaxValue);
        await context.Response.WriteAsync(Interlocked.Read(ref _count).ToString(CultureInfo.InvariantCulture));
    }

    private Task WriteUnsignedAsync(HttpContext context) =>
        context.Response.WriteAsync(Interlocked.Read(ref _unsigned).ToString(CultureInfo.InvariantCulture));
}
