using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Benchmarks.Run;

/// <summary>Where a plugin has its tables; opened again it is the same database.</summary>
/// <param name="File">A file; null on PostgreSQL.</param>
/// <param name="Connection">On PostgreSQL, the connection string.</param>
internal sealed record Place(string? File, string? Connection)
{
    public static implicit operator Place(string file) => new(file, null);

    public PluginDatabase Open() => PluginDatabase.Open(Connection is null ? new SqliteEngine(File!) : new PostgresEngine(Connection));
}
