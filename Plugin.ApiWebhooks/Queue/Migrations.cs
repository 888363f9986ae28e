using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Plugin.ApiWebhooks.Queue.Engines;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// Brings a database up to date: the embedded files <c>Queue/Migrations/NNN_name.sql</c> (SQLite) or <c>Queue/Migrations/Postgres/NNN_name.sql</c> in the order of
/// their numbers, each in a transaction with its number. Files are only ever added.
/// </summary>
internal static class Migrations
{
    private const string ResourcePrefix = "Plugin.ApiWebhooks.Queue.Migrations.";

    /// <summary>Runs what an SQLite file does not have yet; its number is the <c>user_version</c>.</summary>
    /// <param name="connection">The writing connection.</param>
    /// <param name="place">Which database, for people.</param>
    /// <param name="upTo">The last step to run; all when null.</param>
    /// <exception cref="InvalidOperationException">The database was made by a newer version.</exception>
    public static void RunOnSqlite(PluginConnection connection, string place, int? upTo)
    {
        foreach (var (number, sql) in Missing("", NumberOf(connection.Prepared("PRAGMA user_version")), place, upTo))
            Apply(connection, $"BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {number}; COMMIT");
    }

    /// <summary>Runs what a PostgreSQL schema does not have yet. Nodes that start at once do it one after the other: whoever comes second finds it done.</summary>
    /// <param name="connection">The writing connection, with the schema as its search path.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="takeTurn">Lets nobody else migrate until the transaction ends.</param>
    /// <param name="place">Which database, for people.</param>
    /// <exception cref="InvalidOperationException">The database was made by a newer version.</exception>
    public static void RunOnPostgres(PluginConnection connection, string schema, string takeTurn, string place)
    {
        Apply(connection, $"""
            BEGIN; {takeTurn}; CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE IF NOT EXISTS schema_version (number integer NOT NULL);
            INSERT INTO schema_version (number) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM schema_version); COMMIT
            """);
        while (true)
        {
            connection.Run("BEGIN");
            connection.Run(takeTurn);
            var missing = Missing("Postgres.", NumberOf(connection.Prepared("SELECT number FROM schema_version")), place, null);
            if (missing.Count == 0)
            {
                connection.Run("COMMIT");
                return;
            }
            var (number, sql) = missing[0];
            Apply(connection, $"{sql}; UPDATE schema_version SET number = {number}; COMMIT");
        }
    }

    private static List<(int Number, string Sql)> Missing(string folder, int version, string place, int? upTo)
    {
        var steps = All(folder);
        if (version > steps[^1].Number)
            throw new InvalidOperationException($"The database {place} has version {version}; this plugin knows {steps[^1].Number}. Install the newer plugin again.");
        return [.. steps.Where(step => step.Number > version && step.Number <= (upTo ?? int.MaxValue))];
    }

    private static void Apply(PluginConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            command.ExecuteNonQuery();
        }
        catch
        {
            connection.Run("ROLLBACK");
            throw;
        }
    }

    private static int NumberOf(DbCommand command) => Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);

    private static List<(int Number, string Sql)> All(string folder)
    {
        var (assembly, prefix) = (Assembly.GetExecutingAssembly(), ResourcePrefix + folder);
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && char.IsAsciiDigit(name[prefix.Length]))
            .Select(name => (int.Parse(name.AsSpan(prefix.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture), Read(assembly, name)))
            .OrderBy(step => step.Item1)];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
