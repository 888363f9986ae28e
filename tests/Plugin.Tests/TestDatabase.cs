using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Tests.Postgres;

namespace Plugin.Tests;

/// <summary>
/// The plugin's database of a test: a file, or with <c>PLUGIN_TESTS_ON=postgres</c> a database on PostgreSQL for each file that is named. So the same tests hold
/// against both engines.
/// </summary>
internal static partial class TestDatabase
{
    private static readonly ConcurrentDictionary<string, string> Connections = new(StringComparer.Ordinal);

    /// <summary>Whether the tests run on PostgreSQL.</summary>
    public static bool IsOnPostgres { get; } = Environment.GetEnvironmentVariable("PLUGIN_TESTS_ON") == "postgres";

    /// <summary>How the bytes of a text are written in a statement.</summary>
    public static string Bytes(string text)
    {
        var bytes = Convert.ToHexString(Encoding.UTF8.GetBytes(text));
        return IsOnPostgres ? $@"'\x{bytes}'::bytea" : $"x'{bytes}'";
    }

    /// <summary>Opens the database of a file; opened again it is the same one.</summary>
    /// <remarks>On PostgreSQL the history has several small parts from the start, so that whatever is tested holds across their borders.</remarks>
    public static PluginDatabase Open(string file)
    {
        if (ConnectionOf(file) is not { } connection)
            return PluginDatabase.Open(new SqliteEngine(file));
        var database = PluginDatabase.Open(new PostgresEngine(connection));
        database.WriteAsync(c => c.Prepared("""
            SELECT add_history_part(part, first, past, '1s') FROM (VALUES (1, 1, 3), (2, 3, 8), (3, 8, 40)) AS parts (part, first, past)
            WHERE NOT EXISTS (SELECT 1 FROM history_part)
            """).ExecuteNonQuery()).GetAwaiter().GetResult();
        return database;
    }

    /// <summary>The connection string for what would be a file; null on SQLite.</summary>
    public static string? ConnectionOf(string file) => IsOnPostgres ? Connections.GetOrAdd(file, _ => PostgresServer.NewDatabase()) : null;

    /// <summary>How the engine finds what a statement asks for, with 1 for each of its values: line by line, in its own words.</summary>
    /// <remarks>PostgreSQL looks at what the tables hold: there have to be rows, so that an index is worth its while, see <see cref="FillAsync"/>.</remarks>
    public static IReadOnlyList<string> PlanOf(PluginConnection c, string sql)
    {
        using var command = c.CreateCommand();
        // By position or by name: both are bound by name.
        sql = Position().Replace(sql, "@p$1");
        command.CommandText = (IsOnPostgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + sql;
        foreach (var name in Value().Matches(sql).Select(match => match.Value).Distinct())
            command.Bind(name, 1L);
        using var row = command.ExecuteReader();
        var lines = new List<string>();
        while (row.Read())
            lines.Add(row.GetString(row.FieldCount - 1));
        return lines;
    }

    /// <summary>The indexes that a plan names, each once, in the order of their names.</summary>
    public static IReadOnlyList<string> IndexesIn(IEnumerable<string> plan) =>
        [.. plan.Select(line => Index().Match(line)).Where(match => match.Success).Select(match => Part().Replace(match.Groups[1].Value, "")).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a plan walks through all of the deliveries; on PostgreSQL, through the part that has many.</summary>
    public static bool WalksThroughDeliveries(IEnumerable<string> plan) =>
        plan.Any(line => line.Contains("Seq Scan on delivery_rest", StringComparison.Ordinal) || line.StartsWith("SCAN d", StringComparison.Ordinal));

    /// <summary>Stores 20,000 delivered deliveries of the subscription 1, and lets PostgreSQL count what its tables hold, as it does now and then by itself.</summary>
    public static async Task FillAsync(PluginDatabase database)
    {
        await database.WriteAsync(c =>
        {
            c.Run($"""
                INSERT INTO message (change_sequence, change_id, kind, occurred_at, created_at, content_type, body)
                VALUES (1000000, '0192f0c0000070008000000000000001', 'record.inserted', 0, 0, 't', {Bytes("0")})
                """);
            c.Run("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO delivery (id, message_id, state, created_at, finished_at)
                SELECT (CAST(1000000 + i AS bigint) << 20) | 1, (SELECT max(id) FROM message), 'delivered', 0, 0 FROM n
                """);
            return 0;
        });
        if (IsOnPostgres)
            await database.WriteAsync(c => c.Prepared("ANALYZE").ExecuteNonQuery());
    }

    [GeneratedRegex(@"\?([0-9]+)")]
    private static partial Regex Position();

    [GeneratedRegex("@[a-z0-9]+")]
    private static partial Regex Value();

    // Each part of the history has its own.
    [GeneratedRegex("_(?:rest|[0-9]+)(?=_|$)")]
    private static partial Regex Part();

    [GeneratedRegex(@"(?:INDEX|Scan using|Scan Backward using|Index Scan on) ([a-z_0-9]+)")]
    private static partial Regex Index();
}
