using System.Reflection;
using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>A plugin that was started, or why it was not: one of the nested records.</summary>
internal abstract record PluginStart
{
    internal sealed record Running(LoadedPlugin Plugin) : PluginStart;

    internal sealed record Failed(PluginProblem Problem) : PluginStart;
}

/// <summary>Takes a plugin from its folder to running.</summary>
/// <remarks>
/// 1. copy, 2. load the entry assembly and find the plugin's class, 3. create it, 4. fill its container, 5. map its endpoints,
/// 6. start it, 7. start its hosted services. Its endpoints answer only after all of it; a failure takes down what was made.
/// Step 2 can be done ahead while an older version still runs: it runs no code of the plugin's.
/// </remarks>
internal sealed partial class PluginStarter(
    ShadowFolders shadows, PluginStopper stopper, PluginEndpoints endpoints, PluginRegistry registry, PluginLimits limits, HostOptions options,
    IServiceProvider hostServices, TimeProvider time, ILogger<PluginStarter> logger)
{
    /// <summary>Steps 1 and 2.</summary>
    /// <returns>The loaded plugin, none of whose code ran, and its class; or what is wrong.</returns>
    public (LoadedPlugin? Loaded, Type? EntryType, PluginProblem? Problem) Load(PluginFolder folder, PluginManifest manifest)
    {
        LoadedPlugin? loaded = null;
        var step = "Copying the plugin";
        try
        {
            loaded = new LoadedPlugin(manifest, shadows.Copy(folder));
            var path = Path.Combine(loaded.ShadowFolder, manifest.EntryAssembly);
            if (!File.Exists(path))
            {
                return Refuse(new PluginProblem(
                    $"The entry assembly {manifest.EntryAssembly} is not in the folder.", "Copy the plugin's whole folder here, or correct entryAssembly in plugin.json."));
            }

            step = $"Loading {manifest.EntryAssembly}";
            loaded.Context = new PluginLoadContext(manifest, path, options.KeepPluginCode);
            var types = EntryTypesOf(loaded.Context.LoadFromAssemblyPath(path));
            return types.Count == 1
                ? (loaded, types[0], null)
                : Refuse(new PluginProblem(
                    types.Count == 0
                        ? $"{manifest.EntryAssembly} has no public class that implements IHostPlugin and can be created."
                        : $"{manifest.EntryAssembly} has more than one IHostPlugin: {string.Join(", ", types.Select(type => type.FullName))}.",
                    "An entry assembly has exactly one. This is for the plugin's maker to mend."));
        }
        catch (BadImageFormatException)
        {
            return Refuse(new PluginProblem(
                $"{manifest.EntryAssembly} is not a .NET assembly, or is cut short.", "Copy the plugin's whole folder again."));
        }
        catch (ReflectionTypeLoadException ex)
        {
            return Refuse(new PluginProblem(
                $"{step} failed: {ex.LoaderExceptions.FirstOrDefault()?.Message ?? ex.Message}", "A dependency is missing or of another version: copy the plugin's whole folder again."));
        }
        catch (Exception ex)
        {
            // Foreign files and whatever is in them: any of it may fail, and the host goes on.
            LogFailed(logger, manifest.Id, step, ex);
            return Refuse(PluginProblem.Threw(step, ex));
        }

        (LoadedPlugin?, Type?, PluginProblem?) Refuse(PluginProblem problem)
        {
            if (loaded is not null)
                PluginStopper.Discard(loaded);
            return (null, null, problem);
        }
    }

    /// <summary>Steps 3 to 7, for what <see cref="Load"/> gave; nothing else may use it afterwards.</summary>
    public async Task<PluginStart> StartAsync(LoadedPlugin loaded, Type entryType, PluginFolder folder, CancellationToken cancellationToken)
    {
        var step = new StepName();
        PluginProblem problem;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A plugin may block instead of awaiting: the loader does not wait for it longer than the limit.
        var steps = Task.Run(() => RunStepsAsync(loaded, entryType, folder, step, limited.Token), CancellationToken.None);
        try
        {
            var conflict = await steps.WaitAsync(limits.Start, time, cancellationToken);
            if (conflict is null)
            {
                loaded.LoadedAt = time.GetUtcNow();
                return new PluginStart.Running(loaded);
            }

            problem = conflict;
        }
        catch (TimeoutException) when (!steps.IsCompleted)
        {
            problem = new PluginProblem(
                $"{step.Text} did not end within {limits.Start.TotalSeconds:0} seconds.", "Look into the log for what it waits for, then reload the plugin.");
        }
        catch (Exception ex)
        {
            LogFailed(logger, loaded.Manifest.Id, step.Text, ex);
            problem = PluginProblem.Threw(step.Text, ex is TargetInvocationException { InnerException: { } inner } ? inner : ex);
        }

        await limited.CancelAsync();
        await stopper.TakeDownAsync(loaded);
        return new PluginStart.Failed(problem);
    }

    /// <summary>Steps 3 and 4 alone, for a plugin that is asked something and not started.</summary>
    /// <returns>The plugin's container, also in <paramref name="loaded"/>.</returns>
    public IServiceProvider Configure(LoadedPlugin loaded, Type entryType, PluginFolder folder) =>
        Configure(loaded, entryType, folder, new StepName(), CancellationToken.None).Services;

    /// <returns>What is in the way of the plugin's endpoints, or null.</returns>
    private async Task<PluginProblem?> RunStepsAsync(
        LoadedPlugin loaded, Type entryType, PluginFolder folder, StepName step, CancellationToken cancellationToken)
    {
        var (plugin, services) = Configure(loaded, entryType, folder, step, cancellationToken);
        ResolveWhatTheHostCalls(services);

        step.Enter("MapEndpoints", cancellationToken);
        var routes = new PluginRoutes(services);
        plugin.MapEndpoints(routes);
        loaded.Endpoints = routes.Build(loaded);
        if (RouteCollisions.Find(loaded.Endpoints, endpoints.OthersThan(loaded.Manifest.Id)) is { } collision)
            return new PluginProblem(collision, "Two plugins, or plugin and host, cannot answer at one path: remove one of them.");

        step.Enter("StartAsync", cancellationToken);
        loaded.StartCalled = true;
        await plugin.StartAsync(services, cancellationToken);

        step.Enter("Starting the hosted services", cancellationToken);
        loaded.Hosted = new HostedWork(loaded, registry, logger);
        await loaded.Hosted.StartAsync(services, cancellationToken);
        return null;
    }

    private (IHostPlugin Plugin, ServiceProvider Services) Configure(
        LoadedPlugin loaded, Type entryType, PluginFolder folder, StepName step, CancellationToken cancellationToken)
    {
        var id = loaded.Manifest.Id;
        step.Text = $"The constructor of {entryType.Name}";
        var plugin = (IHostPlugin)Activator.CreateInstance(entryType)!;
        loaded.Plugin = plugin;

        step.Enter("ConfigureServices", cancellationToken);
        var context = new PluginContext
        {
            Id = id,
            Version = loaded.Manifest.Version,
            Directory = folder.Path,
            DataDirectory = Directory.CreateDirectory(Path.GetFullPath(Path.Combine(options.DataDirectory, "plugins", id))).FullName,
            PostgresConnection = options.PostgresConnection,
        };
        var services = PluginServices.Forward(hostServices, context);
        plugin.ConfigureServices(services, context);

        step.Enter("Building the plugin's services", cancellationToken);
        var container = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        loaded.Services = container;
        return (plugin, container);
    }

    /// <summary>Makes them now, so that one that cannot be made fails the start and not somebody's save.</summary>
    private static void ResolveWhatTheHostCalls(IServiceProvider services)
    {
        _ = services.GetServices<IEditPageContributor>().Count();
        _ = services.GetServices<IRecordPageContributor>().Count();
        _ = services.GetServices<ISaveHook>().Count();
        _ = services.GetServices<IPluginHealth>().Count();
        _ = services.GetServices<IPluginProgress>().Count();
        _ = services.GetServices<IBearerTokens>().Count();
    }

    private static List<Type> EntryTypesOf(Assembly assembly) =>
        assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                && typeof(IHostPlugin).IsAssignableFrom(type)
                && type.GetConstructor(Type.EmptyTypes) is not null)
            .ToList();

    [LoggerMessage(3001, LogLevel.Error, "Plugin {PluginId} failed: {Step}")]
    private static partial void LogFailed(ILogger logger, string pluginId, string step, Exception exception);

    /// <summary>Which step runs, told across tasks.</summary>
    private sealed class StepName
    {
        public volatile string Text = "Starting";

        /// <summary>Goes no further when the loader has given up waiting meanwhile.</summary>
        public void Enter(string text, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Text = text;
        }
    }
}
