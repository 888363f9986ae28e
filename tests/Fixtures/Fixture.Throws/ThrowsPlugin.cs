using System.Runtime.Loader;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fixture.Throws;

/// <summary>
/// Fails in one place, named by what follows the dash in the plugin's id: a test copies the folder under the id it needs, for example
/// <c>Throws-StartAsync</c>.
/// </summary>
public sealed class ThrowsPlugin : IHostPlugin
{
    private readonly string _place;

    /// <summary>The constructor is told nothing, so it asks its load context for the plugin's id.</summary>
    public ThrowsPlugin()
    {
        var contextName = AssemblyLoadContext.GetLoadContext(typeof(ThrowsPlugin).Assembly)?.Name ?? "";
        _place = contextName.Split(' ')[0].Split('-')[^1];
        ThrowIn("Constructor");
    }

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        ThrowIn("ConfigureServices");
        if (_place == "Missing")
            services.AddSingleton<NeedsMore>();
        if (_place == "SaveHook")
            services.AddSingleton<ISaveHook, HookThatCannotBeMade>();
        if (_place == "Health")
            services.AddSingleton<IPluginHealth, HealthThatThrows>();
        if (_place is "Progress" or "ProgressHangs")
            services.AddSingleton<IPluginProgress>(new ProgressThatFails(hangs: _place == "ProgressHangs"));
        if (_place == "ProgressBehind")
            services.AddSingleton<IPluginProgress, ProgressThatIsBehind>();
        if (_place == "HostedService")
            services.AddHostedService<ServiceThatThrows>();
        if (_place == "BackgroundTask")
            services.AddHostedService<TaskThatBreaks>();
        if (_place == "Dispose")
            services.AddHostedService<DisposeThatThrows>();
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        ThrowIn("MapEndpoints");
        endpoints.MapGet(
            _place switch
            {
                "HostRoute" => "/healthz",
                "OtherPluginsRoute" => "/HELLO/greetings/{other}",
                _ => $"/throws/{_place}",
            },
            context => context.Response.WriteAsync("answered"));
        if (_place == "OwnRoute")
            endpoints.MapGet("/throws/OwnRoute", context => context.Response.WriteAsync("answered twice"));
        endpoints.MapGet($"/throws/{_place}/request", _ => throw new InvalidOperationException("Fixture.Throws in a request"));
    }

    /// <inheritdoc/>
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ThrowIn("StartAsync");
        return _place == "NeverStarts" ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(IServiceProvider services, CancellationToken drainDeadline)
    {
        ThrowIn("StopAsync");
        return Task.CompletedTask;
    }

    private void ThrowIn(string place)
    {
        if (_place == place)
            throw new InvalidOperationException($"Fixture.Throws in {place}");
    }

    private sealed class Nothing;

    private sealed class NeedsMore(Nothing nothing)
    {
        public Nothing Nothing { get; } = nothing;
    }

    private sealed class HookThatCannotBeMade : ISaveHook
    {
        public HookThatCannotBeMade() => throw new InvalidOperationException("Fixture.Throws in SaveHook");

        public ValueTask BeforeSaveAsync(SaveAttempt save, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask AfterCommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class HealthThatThrows : IPluginHealth
    {
        public IReadOnlyList<PluginFault> GetFaults() => throw new InvalidOperationException("Fixture.Throws in Health");
    }

    private sealed class ProgressThatFails(bool hangs) : IPluginProgress
    {
        public Task<PluginProgress> ReadProgressAsync(CancellationToken cancellationToken) =>
            hangs ? new TaskCompletionSource<PluginProgress>().Task : throw new InvalidOperationException("Fixture.Throws in Progress");
    }

    // Does not throw: it has read two changes and reads no more.
    private sealed class ProgressThatIsBehind : IPluginProgress
    {
        public Task<PluginProgress> ReadProgressAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new PluginProgress { Position = 2, LastChange = 2, Owed = 0 });
    }

    private sealed class ServiceThatThrows : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("Fixture.Throws in HostedService");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class TaskThatBreaks : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("Fixture.Throws in BackgroundTask");
        }
    }

    private sealed class DisposeThatThrows : IHostedService, IDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("Fixture.Throws in stopping a service");

        public void Dispose() => throw new InvalidOperationException("Fixture.Throws in Dispose");
    }
}
