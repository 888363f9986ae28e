using Npgsql;

namespace SampleHost.Storage;

/// <summary>
/// The connections to PostgreSQL: a pool for readers, and connections beside it for the writer, for hearing of others and for watching, so that readers who take the whole pool
/// keep none of these away.
/// </summary>
/// <remarks>
/// Nothing waits without an end, neither here nor at the server. What the connection string says itself is left as it is. Where it names several servers, the one that can be written
/// is used, for reading too: who saved must see it.
/// </remarks>
internal sealed class PostgresSources : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _openPatience;
    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _own;
    private readonly NpgsqlDataSource _watching;
    private readonly NpgsqlDataSource _unlimited;

    public PostgresSources(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = PostgresEngine.Schema };
        given.ApplicationName ??= "SampleHost";
        Place = $"{given.Database ?? given.Username} at {given.Host}{(given.Host!.Contains(',', StringComparison.Ordinal) ? "" : $":{given.Port}")}";

        var limited = Limit(given);
        Most = limited.MaxPoolSize;
        // Twice, since it is tried with encryption and without.
        _openPatience = 2 * TimeSpan.FromSeconds(limited.Timeout > 0 ? limited.Timeout : 15);
        _readers = Build(limited);
        _own = Build(new NpgsqlConnectionStringBuilder(limited.ConnectionString) { Pooling = false });
        // A server that does not answer this within a few seconds answers nobody. No request to cancel: it would take the same way.
        _watching = Build(new NpgsqlConnectionStringBuilder(limited.ConnectionString) { Pooling = false, Timeout = 2, CommandTimeout = 2, CancellationTimeout = -1 });
        _unlimited = Build(new NpgsqlConnectionStringBuilder(given.ConnectionString) { Pooling = false, CommandTimeout = 0 });
    }

    /// <summary>Which database, for people.</summary>
    public string Place { get; }

    /// <summary>How many readers' connections there may be.</summary>
    public int Most { get; }

    /// <summary>A reader's connection, from the pool.</summary>
    public NpgsqlConnection OpenReader() => Open(_readers);

    /// <summary>A connection of somebody's own, never shared.</summary>
    public NpgsqlConnection OpenOwn() => Open(_own);

    /// <summary>A connection of somebody's own, never shared.</summary>
    public Task<NpgsqlConnection> OpenOwnAsync(CancellationToken cancellationToken) => OpenAsync(_own, cancellationToken);

    /// <summary>A connection that gives up soon.</summary>
    public Task<NpgsqlConnection> OpenWatchingAsync(CancellationToken cancellationToken) => OpenAsync(_watching, cancellationToken);

    /// <summary>A connection for work that may take its time, such as a migration.</summary>
    public NpgsqlConnection OpenUnlimited() => Open(_unlimited);

    /// <summary>Forgets the readers' connections: they may lead to a server that is another one by now.</summary>
    public void ForgetReaders() => _readers.Clear();

    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _own.DisposeAsync();
        await _watching.DisposeAsync();
        await _unlimited.DisposeAsync();
    }

    // One that waits in the pool is given at once, on this thread.
    private NpgsqlConnection Open(NpgsqlDataSource source) => OpenAsync(source, CancellationToken.None).GetAwaiter().GetResult();

    // Npgsql's own limit does not hold for all of the first exchange: a network that parts in the midst of it would be waited for for ever.
    private async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(_openPatience);
        var opening = source.OpenConnectionAsync(giveUp.Token).AsTask();
        try
        {
            return await opening.WaitAsync(_openPatience + Grace, TimeProvider.System, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            _ = opening.ContinueWith(DiscardAsync, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new StorageUnavailableException($"The database {Place} gave no connection within {_openPatience.TotalSeconds:0} seconds.", exception);
        }
    }

    // Nobody waits for it any more.
    private static async Task DiscardAsync(Task<NpgsqlConnection> late)
    {
        if (late.IsCompletedSuccessfully)
            await (await late).DisposeAsync();
        else
            _ = late.Exception;
    }

    private static NpgsqlConnectionStringBuilder Limit(NpgsqlConnectionStringBuilder given)
    {
        // Later options win: first ours.
        var limited = new NpgsqlConnectionStringBuilder(given.ConnectionString) { Options = $"{ServerLimits} {given.Options}".TrimEnd() };
        // In seconds, except where it says otherwise. The client gives up a little later than the server, whose reason is the better one.
        if (!given.ShouldSerialize("Timeout"))
            limited.Timeout = 4;
        if (!given.ShouldSerialize("Command Timeout"))
            limited.CommandTimeout = 12;
        if (!given.ShouldSerialize("Cancellation Timeout"))
            limited.CancellationTimeout = 1000;
        if (!given.ShouldSerialize("Host Recheck Seconds"))
            limited.HostRecheckSeconds = 1;
        return limited;
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings)
    {
        // Chosen here: a data source for several servers refuses to be told by the connection string.
        var plain = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        plain.Remove("Target Session Attributes");
        var builder = new NpgsqlDataSourceBuilder(plain.ConnectionString);
        return plain.Host!.Contains(',', StringComparison.Ordinal) ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) : builder.Build();
    }

    // A statement waits 7 s for a lock and runs 10 s. A transaction whose host is frozen or cut off ends after 5 s without a word from it, and so its turn does; a connection
    // whose other end is gone is noticed within 15 s also where nothing is open.
    private const string ServerLimits =
        "-c lock_timeout=7s -c statement_timeout=10s -c idle_in_transaction_session_timeout=5s " +
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2 -c tcp_user_timeout=15s";
}
