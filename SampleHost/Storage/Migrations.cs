using System.Data.Common;
using System.Globalization;
using System.Reflection;
using Dapper;

namespace SampleHost.Storage;

/// <summary>
/// The embedded, numbered, append-only migrations: <c>Storage/Migrations/NNN_name.sql</c> for SQLite, <c>Storage/Migrations/Postgres/NNN_name.sql</c> for PostgreSQL, each
/// with numbers of its own.
/// </summary>
internal static class Migrations
{
    /// <summary>Applies what is missing, each in its own transaction; safe to run twice and from two processes.</summary>
    /// <returns>The names of those applied now.</returns>
    /// <exception cref="InvalidOperationException">The database was made by a newer version.</exception>
    public static IReadOnlyList<string> Apply(StorageEngine engine, DbConnection connection)
    {
        var all = ReadAll(engine.MigrationFolder);
        var applied = new List<string>();
        foreach (var migration in all)
        {
            engine.BeginMigration(connection);
            try
            {
                if (engine.ReadSchema(connection) < migration.Number)
                {
                    connection.Execute(migration.Sql);
                    engine.WriteSchema(connection, migration.Number);
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

        if (engine.ReadSchema(connection) is var schema && schema > all[^1].Number)
            throw new InvalidOperationException(
                $"The database {engine.Place} was made by a newer version of the host (schema {schema}, this one knows {all[^1].Number}). Start that version, or another data directory.");
        return applied;
    }

    internal static IReadOnlyList<Migration> ReadAll(string folder)
    {
        var assembly = typeof(Migrations).Assembly;
        return assembly.GetManifestResourceNames()
            .Select(resource => (Resource: resource, At: resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length))
            .Where(each => each.At >= folder.Length && char.IsAsciiDigit(each.Resource[each.At]))
            .Select(each => Read(assembly, each.Resource, each.Resource[each.At..^".sql".Length]))
            .OrderBy(migration => migration.Number)
            .ToList();
    }

    private static Migration Read(Assembly assembly, string resource, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(name.AsSpan(0, 3), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }

    internal sealed record Migration(int Number, string Name, string Sql);
}
