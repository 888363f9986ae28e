namespace SampleHost.Loading;

/// <summary>
/// Starts and stops the hosted services of one plugin, and watches their background tasks: nobody else would notice that one broke.
/// </summary>
internal sealed partial class HostedWork(LoadedPlugin owner, PluginRegistry registry, ILogger logger)
{
    private readonly Stack<IHostedService> _started = new();
    private readonly List<Task> _watches = [];
    private volatile bool _stopping;

    /// <summary>Starts them in the order of registration; the first exception ends it.</summary>
    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        foreach (var service in services.GetServices<IHostedService>())
        {
            _started.Push(service);
            await service.StartAsync(cancellationToken);
            if (service is BackgroundService { ExecuteTask: { } task })
                _watches.Add(WatchAsync(service.GetType().Name, task));
        }
    }

    /// <summary>Stops them in reverse order; an exception in one does not keep the others from being stopped.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        _stopping = true;
        while (_started.TryPop(out var service))
        {
            try
            {
                await service.StopAsync(deadline);
            }
            catch (Exception ex)
            {
                LogStopFailed(logger, owner.Manifest.Id, service.GetType().Name, ex);
            }
        }

        await Task.WhenAll(_watches).WaitAsync(deadline);
        _watches.Clear();
    }

    private async Task WatchAsync(string name, Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException) when (_stopping)
        {
            // The ordinary end of a background service.
        }
        catch (Exception ex)
        {
            LogBroke(logger, owner.Manifest.Id, name, ex);
            owner.AddFault(name, $"The background task ended with {ex.GetType().Name}: {ex.Message}");
            registry.RaiseChanged();
        }
    }

    [LoggerMessage(3010, LogLevel.Error, "Plugin {PluginId}: background task {Task} broke")]
    private static partial void LogBroke(ILogger logger, string pluginId, string task, Exception exception);

    [LoggerMessage(3011, LogLevel.Error, "Plugin {PluginId}: hosted service {Service} threw while stopping")]
    private static partial void LogStopFailed(ILogger logger, string pluginId, string service, Exception exception);
}
