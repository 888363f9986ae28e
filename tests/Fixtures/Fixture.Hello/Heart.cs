using Dam.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fixture.Hello;

/// <summary>A hosted service with a timer. It leaves marks in the plugin's data folder, by which tests see what it did.</summary>
internal sealed partial class Heart(PluginContext context, TimeProvider time, ILogger<Heart> logger) : BackgroundService
{
    /// <summary>Notes that a request has reached its endpoint.</summary>
    public void SawEcho() => Mark("echo");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), time);
        try
        {
            for (var beats = 1; await timer.WaitForNextTickAsync(stoppingToken); beats++)
            {
                if (beats == 1)
                {
                    LogBeat(logger);
                    Mark("beat");
                }
            }
        }
        finally
        {
            Mark("rest");
        }
    }

    private void Mark(string name) =>
        File.WriteAllText(Path.Combine(context.DataDirectory, name), context.Version);

    [LoggerMessage(9000, LogLevel.Information, "The heart beats")]
    private static partial void LogBeat(ILogger logger);
}
