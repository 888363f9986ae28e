using System.Text.Json;
using Dam.Hosting;
using Dapper;
using System.Data;
using System.Data.Common;
using SampleHost.Storage;

namespace SampleHost.Changes;

/// <summary>
/// The host's change log. Writers take turns, so a sequence is given and committed before the next is given: reading order is commit
/// order, and a reader never skips a change.
/// </summary>
internal sealed class ChangeLog : IChangeLog
{
    /// <summary>How far back a record's history is looked through for one of its versions.</summary>
    public const int LongestHistory = 500;

    private const int HighestLimit = 10_000;

    private readonly Database _database;
    private readonly Lock _gate = new();
    private readonly RecentChanges _recent = new();
    private TaskCompletionSource _more = NewSignal();
    private long _last = -1;

    public ChangeLog(Database database)
    {
        _database = database;
        database.ChangesCommitted = Wake;
        database.Engine.CameBack = ReadAnew;
    }

    /// <summary>Appends a change within a save's transaction.</summary>
    /// <returns>The change with its sequence.</returns>
    public static Change Append(WriteScope scope, Change change)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(change, ChangeJson.Default.Change);
        using var command = scope.Connection.CreateCommand();
        command.CommandText = scope.ChangeLog.Append;
        Add(command, "@id", DbType.String, change.Id.ToString());
        Add(command, "@kind", DbType.String, change.Kind.ToString());
        Add(command, "@recordId", DbType.Int64, change.Record?.Id);
        Add(command, "@occurredAt", DbType.Int64, change.OccurredAt.ToUnixTimeMilliseconds());
        Add(command, "@body", DbType.Binary, body);
        var sequence = (long)command.ExecuteScalar()!;
        var appended = change with { Sequence = sequence };
        scope.Appended.Add(new AppendedChange(appended, body.Length));
        return appended;
    }

    public Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, HighestLimit);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_recent.FindAfter(position, limit) is { } recent)
                return Task.FromResult<IReadOnlyList<Change>>(recent);
        }

        return Task.FromResult<IReadOnlyList<Change>>(_database.Read(connection => Read(connection, ReadAfterSql, position, limit)));
    }

    /// <summary>The newest changes of one record, newest first.</summary>
    public Task<IReadOnlyList<Change>> ReadOfRecordAsync(long recordId, int limit, CancellationToken cancellationToken) =>
        ReadOfRecordAsync(recordId, null, limit, cancellationToken)!;

    public Task<IReadOnlyList<Change>?> ReadOfRecordAsync(long recordId, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, HighestLimit);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<Change>?>(_database.Read(connection => Read(connection, ReadOfRecordSql, recordId, limit, before ?? long.MaxValue)));
    }

    public async Task WaitForMoreAsync(long position, CancellationToken cancellationToken)
    {
        Task more;
        lock (_gate)
        {
            if (Last() > position)
                return;
            more = _more.Task;
        }

        await more.WaitAsync(cancellationToken);
    }

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Read(ReadLast));
    }

    public Task<long> GetFirstPositionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Read(ReadFirst));
    }

    public Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Read(connection =>
        {
            using var snapshot = _database.Engine.Snapshot(connection);
            var (first, last) = (ReadFirst(connection), ReadLast(connection));
            var after = from is null ? first : connection.ExecuteScalar<long?>(_database.Engine.ChangeLog.FirstSince, new { at = from.Value.ToUnixTimeMilliseconds() }) - 1 ?? last;
            var upTo = before is null ? last : connection.ExecuteScalar<long?>(_database.Engine.ChangeLog.LastBefore, new { at = before.Value.ToUnixTimeMilliseconds() }) ?? after;
            return new ChangeStretch(after, Math.Max(after, upTo));
        }));
    }

    /// <summary>Learns that another host has written up to a position.</summary>
    public void Heard(long position)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            if (position <= Last())
                return;
            _last = position;
            waiting = _more;
            _more = NewSignal();
        }

        waiting.SetResult();
    }

    /// <summary>Learns that changes were removed from the table.</summary>
    public void Forget(long upTo)
    {
        lock (_gate)
            _recent.Forget(upTo);
    }

    // A standby that took over may lack the newest changes, and give their numbers to others.
    private void ReadAnew()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _recent.Forget(long.MaxValue);
            _last = -1;
            waiting = _more;
            _more = NewSignal();
        }

        waiting.SetResult();
    }

    private static List<Change> Read(DbConnection connection, string sql, long of, int limit, long before = long.MaxValue)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Add(command, "@of", DbType.Int64, of);
        Add(command, "@limit", DbType.Int64, (long)limit);
        Add(command, "@before", DbType.Int64, before);
        using var reader = command.ExecuteReader();
        var changes = new List<Change>();
        while (reader.Read())
        {
            var change = JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(1), ChangeJson.Default.Change)!;
            changes.Add(change with { Sequence = reader.GetInt64(0) });
        }

        return changes;
    }

    private static void Add(DbCommand command, string name, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }

    // Called with the gate held. Read once; from then on the writer tells.
    private long Last()
    {
        if (_last < 0)
            _last = _database.Read(ReadLast);
        return _last;
    }

    private static long ReadFirst(DbConnection connection) => connection.ExecuteScalar<long>(FirstSql);

    private static long ReadLast(DbConnection connection) => connection.ExecuteScalar<long>(LastSql);

    private void Wake(IReadOnlyList<AppendedChange> appended)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _recent.Add(appended);
            _last = Math.Max(_last, appended[^1].Change.Sequence);
            waiting = _more;
            _more = NewSignal();
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private const string ReadAfterSql = """
        SELECT sequence, body FROM changes
        WHERE sequence > @of
        ORDER BY sequence
        LIMIT @limit
        """;

    private const string ReadOfRecordSql = """
        SELECT sequence, body FROM changes
        WHERE record_id = @of AND sequence < @before
        ORDER BY sequence DESC
        LIMIT @limit
        """;

    private const string FirstSql = "SELECT up_to FROM change_log_start";

    private const string LastSql = "SELECT coalesce(max(sequence), 0) FROM changes";
}
