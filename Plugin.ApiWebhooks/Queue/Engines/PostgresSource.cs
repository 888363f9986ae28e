using Npgsql;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>Connections to PostgreSQL. Where the connection string names several servers, to the one that can be written.</summary>
internal sealed class PostgresSource : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly TimeSpan _patience;
    private readonly string _place;

    /// <param name="settings">How to connect.</param>
    /// <param name="place">Which database, for people.</param>
    public PostgresSource(NpgsqlConnectionStringBuilder settings, string place)
    {
        // Twice, since it is tried with encryption and without.
        (_place, _patience) = (place, 2 * TimeSpan.FromSeconds(settings.Timeout));
        // Chosen here: a source for several servers refuses to be told by the connection string.
        var plain = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        plain.Remove("Target Session Attributes");
        var builder = new NpgsqlDataSourceBuilder(plain.ConnectionString);
        _source = plain.Host?.Contains(',', StringComparison.Ordinal) == true ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="NpgsqlException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer.</exception>
    public NpgsqlConnection Open() => OpenAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Opens a connection.</summary>
    /// <exception cref="NpgsqlException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        // Npgsql's own limit does not hold for all of the first exchange: a network that parts in the midst of it would be waited for for ever.
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(_patience);
        var opening = _source.OpenConnectionAsync(giveUp.Token).AsTask();
        try
        {
            return await opening.WaitAsync(_patience + Grace, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _ = opening.ContinueWith(DiscardAsync, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"The database {_place} gave no connection within {_patience.TotalSeconds:0} seconds.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    // Nobody waits for it any more.
    private static async Task DiscardAsync(Task<NpgsqlConnection> late)
    {
        if (late.IsCompletedSuccessfully)
            await (await late.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        else
            _ = late.Exception;
    }
}
