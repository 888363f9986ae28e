using System.Data.Common;
using Dapper;

namespace SampleHost.Storage;

/// <summary>
/// Finds what keeps vacuum from clearing up in PostgreSQL: transactions that somebody left open, prepared transactions, standbys and replication slots. Tables that are written much,
/// as those of deliveries, grow meanwhile and get slow.
/// </summary>
internal sealed class VacuumHolds
{
    /// <summary>For how long it may last before it is told.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    // Of some the server knows not since when: since when they have been seen with the same oldest transaction.
    private Dictionary<string, (string Oldest, DateTimeOffset SeenAt)> _seen = [];

    /// <summary>What lasts too long, a sentence each. No names: anybody may read it.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(DbConnection connection, DateTimeOffset now)
    {
        var found = (await connection.QueryAsync<Hold>(Sql)).AsList();
        var seen = new Dictionary<string, (string Oldest, DateTimeOffset SeenAt)>();
        var told = new List<string>();
        foreach (var hold in found)
        {
            var since = hold.SinceAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : SeenSince(seen, hold, now);
            if (now - since >= Long)
                told.Add($"{hold.What} holds vacuum back since {StorageFault.Utc(since)}: what is deleted and replaced takes up room until it ends. {hold.Remedy}");
        }

        _seen = seen;
        return told;
    }

    private DateTimeOffset SeenSince(Dictionary<string, (string Oldest, DateTimeOffset SeenAt)> seen, Hold hold, DateTimeOffset now)
    {
        var since = _seen.TryGetValue(hold.What, out var before) && before.Oldest == hold.Oldest ? before.SeenAt : now;
        seen[hold.What] = (hold.Oldest, since);
        return since;
    }

    private sealed record Hold(string What, string Remedy, DateTime? SinceAt, string Oldest);

    // Sessions of other databases hold nothing back here. Of other users' sessions only pg_read_all_stats sees since when.
    private const string Sql = """
        SELECT 'A transaction of the server process ' || pid AS "What", 'End it, or: SELECT pg_terminate_backend(' || pid || ').' AS "Remedy",
               xact_start AT TIME ZONE 'UTC' AS "SinceAt", coalesce(backend_xmin, backend_xid)::text AS "Oldest"
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid() AND coalesce(backend_xmin, backend_xid) IS NOT NULL AND xact_start IS NOT NULL
        UNION ALL
        SELECT 'The prepared transaction number ' || transaction, 'Look for it in pg_prepared_xacts, and commit it or roll it back.', prepared AT TIME ZONE 'UTC', transaction::text
        FROM pg_prepared_xacts WHERE database = current_database()
        UNION ALL
        SELECT 'The replication slot ' || slot_name, 'See pg_replication_slots: who reads from it is late or gone.', NULL, xmin::text
        FROM pg_replication_slots WHERE xmin IS NOT NULL
        UNION ALL
        SELECT 'A standby, by the server process ' || pid || ',', 'Look for long queries there: hot_standby_feedback is on.', NULL, backend_xmin::text
        FROM pg_stat_replication WHERE backend_xmin IS NOT NULL
        """;
}
