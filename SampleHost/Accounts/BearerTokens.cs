using Dam.Hosting;
using SampleHost.Loading;

namespace SampleHost.Accounts;

/// <summary>
/// Asks the plugins about tokens that are no keys of the host's. Plugins are foreign code and strangers make the host ask: no answer is waited for longer than
/// <see cref="Patience"/>, and only so many questions are open at once.
/// </summary>
internal sealed partial class BearerTokens(PluginRegistry plugins, Users users, TimeProvider time, ILogger<BearerTokens> logger)
{
    /// <summary>How long the plugins together are waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The most questions open at once; a plugin that hangs must not take every thread.</summary>
    public const int MostOpen = 64;

    private int _open;

    /// <summary>The user on whose behalf a token acts, as he is now; null for a token that nobody knows.</summary>
    public async Task<HostUser?> FindUserAsync(string token)
    {
        if (Interlocked.Increment(ref _open) > MostOpen)
        {
            Interlocked.Decrement(ref _open);
            LogBusy(logger, MostOpen);
            return null;
        }

        var limit = new CancellationTokenSource(Patience, time);
        // Elsewhere, since a plugin may block instead of awaiting. The question holds the plugin, and its limit, until it ends, also when nobody waits any more.
        var asking = Task.Run(() => AskAsync(token, limit), CancellationToken.None);
        try
        {
            var grant = await asking.WaitAsync(Patience, time);
            return grant is not null && users.Find(grant.UserName) is { } user ? user with { ApiKeyName = grant.ClientName } : null;
        }
        catch (TimeoutException)
        {
            LogTooSlow(logger, Patience.TotalSeconds);
            return null;
        }
    }

    private async Task<BearerGrant?> AskAsync(string token, CancellationTokenSource limit)
    {
        using var _ = limit;
        try
        {
            using var use = plugins.Use<IBearerTokens>();
            foreach (var (id, service) in use.Items)
            {
                if (await AskAsync(id, service, token, limit.Token) is { } grant)
                    return grant;
            }

            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<BearerGrant?> AskAsync(string id, IBearerTokens service, string token, CancellationToken cancellationToken)
    {
        try
        {
            return await service.FindAsync(token, cancellationToken);
        }
        catch (Exception exception)
        {
            // Foreign code: that it failed means that nobody vouches for the token, and no more. Without the message, which might repeat the token.
            LogThrew(logger, id, exception.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(1401, LogLevel.Error, "Plugin {PluginId} threw {Exception} when asked about a bearer token")]
    private static partial void LogThrew(ILogger logger, string pluginId, string exception);

    [LoggerMessage(1402, LogLevel.Warning, "Asked about a bearer token, the plugins did not answer within {Seconds} seconds")]
    private static partial void LogTooSlow(ILogger logger, double seconds);

    [LoggerMessage(1403, LogLevel.Warning, "A bearer token was refused unseen: {Count} questions to plugins are open already")]
    private static partial void LogBusy(ILogger logger, int count);
}
