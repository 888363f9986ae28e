using Dam.Hosting;
using SampleHost.Loading;

namespace SampleHost.Records;

/// <summary>Calls the save hooks of the loaded plugins. None of them can break a save that has committed.</summary>
internal sealed class SaveHooks(PluginRegistry plugins, IHostApplicationLifetime lifetime, ILogger<SaveHooks> logger)
{
    /// <summary>Whether anybody listens; without hooks a save needs no look at the record beforehand.</summary>
    public bool Any
    {
        get
        {
            using var use = plugins.Use<ISaveHook>();
            return use.Items.Count > 0;
        }
    }

    /// <returns>What the hooks object to, or null to go on.</returns>
    public async ValueTask<SaveResult?> BeforeAsync(SaveAttempt attempt, CancellationToken cancellationToken)
    {
        using var use = plugins.Use<ISaveHook>();
        foreach (var (pluginId, hook) in use.Items)
        {
            try
            {
                await hook.BeforeSaveAsync(attempt, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A plugin's fault is not the host's: the save is cancelled and the editor told, the host goes on.
                SaveHooksLog.BeforeFailed(logger, exception, pluginId);
                return new SaveResult.Cancelled($"The plugin {pluginId} could not check this save. Nothing was saved; an administrator finds the reason in the log.");
            }
        }

        if (attempt.CancelReason is { } reason)
            return new SaveResult.Cancelled(reason);
        return attempt.Errors.Count > 0 ? new SaveResult.Invalid(attempt.Errors.ToList()) : null;
    }

    public async ValueTask AfterAsync(IReadOnlyList<Change> changes)
    {
        using var use = plugins.Use<ISaveHook>();
        foreach (var (pluginId, hook) in use.Items)
        {
            try
            {
                await hook.AfterCommitAsync(changes, lifetime.ApplicationStopping);
            }
            catch (Exception exception)
            {
                // The save is committed and stands, whatever a plugin makes of it.
                SaveHooksLog.AfterFailed(logger, exception, pluginId);
            }
        }
    }
}

internal static partial class SaveHooksLog
{
    [LoggerMessage(1101, LogLevel.Error, "The save hook of plugin {PluginId} failed before a save; the save was cancelled.")]
    public static partial void BeforeFailed(ILogger logger, Exception exception, string pluginId);

    [LoggerMessage(1102, LogLevel.Error, "The save hook of plugin {PluginId} failed after a save; the save stands.")]
    public static partial void AfterFailed(ILogger logger, Exception exception, string pluginId);
}
