using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace SampleHost.Storage;

/// <summary>
/// The embedded, numbered, append-only migrations <c>Storage/Migrations/NNN_name.sql</c>. The database's <c>user_version</c> tells the last one applied.
/// </summary>
internal static class Migrations
{
    /// <summary>Applies what is missing, each in its own transaction; safe to run twice and from two processes.</summary>
    /// <returns>The names of those applied now.</returns>
    /// <exception cref="InvalidOperationException">The database was made by a newer version.</exception>
    public static IReadOnlyList<string> Apply(SqliteConnection connection)
    {
        var all = ReadAll();
        var applied = new List<string>();
        foreach (var migration in all)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                if (Version(connection) < migration.Number)
                {
                    connection.Execute(migration.Sql);
                    connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Number}"));
                    applied.Add(migration.Name);
                }

                connection.Execute("COMMIT");
            }
            catch
            {
                connection.Execute("ROLLBACK");
                throw;
            }
        }

        if (Version(connection) > all[^1].Number)
            throw new InvalidOperationException(
                $"The database {connection.DataSource} was made by a newer version of the host (schema {Version(connection)}, this one knows {all[^1].Number}). Start that version, or another data directory.");
        return applied;
    }

    private static long Version(SqliteConnection connection) => connection.ExecuteScalar<long>("PRAGMA user_version");

    internal static IReadOnlyList<Migration> ReadAll()
    {
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Storage.Migrations.", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Number)
            .ToList();
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        var name = resource[(resource.IndexOf(".Storage.Migrations.", StringComparison.Ordinal) + ".Storage.Migrations.".Length)..^".sql".Length];
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }

    internal sealed record Migration(int Number, string Name, string Sql);
}
