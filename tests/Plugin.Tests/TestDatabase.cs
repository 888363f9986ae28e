using System.Collections.Concurrent;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Tests.Postgres;

namespace Plugin.Tests;

/// <summary>
/// The plugin's database of a test: a file, or with <c>PLUGIN_TESTS_ON=postgres</c> a database on PostgreSQL for each file that is named. So the same tests hold
/// against both engines.
/// </summary>
internal static class TestDatabase
{
    private static readonly ConcurrentDictionary<string, string> Connections = new(StringComparer.Ordinal);

    /// <summary>Whether the tests run on PostgreSQL.</summary>
    public static bool IsOnPostgres { get; } = Environment.GetEnvironmentVariable("PLUGIN_TESTS_ON") == "postgres";

    /// <summary>Opens the database of a file; opened again it is the same one.</summary>
    public static PluginDatabase Open(string file) => PluginDatabase.Open(ConnectionOf(file) is { } connection ? new PostgresEngine(connection) : new SqliteEngine(file));

    /// <summary>The connection string for what would be a file; null on SQLite.</summary>
    public static string? ConnectionOf(string file) => IsOnPostgres ? Connections.GetOrAdd(file, _ => PostgresServer.NewDatabase()) : null;
}
