using System.Globalization;
using System.Reflection;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// Brings a database up to date: the embedded files <c>Queue/Migrations/NNN_name.sql</c> in the order of their numbers, each in a
/// transaction with its number as <c>user_version</c>. Files are only ever added.
/// </summary>
internal static class Migrations
{
    private const string ResourcePrefix = "Plugin.ApiWebhooks.Queue.Migrations.";

    /// <summary>Runs what the database does not have yet.</summary>
    /// <exception cref="InvalidOperationException">The database was made by a newer version.</exception>
    /// <param name="connection">The writing connection.</param>
    /// <param name="upTo">The last step to run; all when null.</param>
    public static void Run(PluginConnection connection, int? upTo = null)
    {
        var steps = All();
        var version = Convert.ToInt32(connection.Prepared("PRAGMA user_version").ExecuteScalar(), CultureInfo.InvariantCulture);
        if (version > steps[^1].Number)
            throw new InvalidOperationException(
                $"The database {connection.DataSource} has version {version}; this plugin knows {steps[^1].Number}. Install the newer plugin again.");
        foreach (var (number, sql) in steps.Where(step => step.Number > version && step.Number <= (upTo ?? int.MaxValue)))
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"BEGIN IMMEDIATE; {sql}; PRAGMA user_version = {number}; COMMIT";
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
    }

    private static List<(int Number, string Sql)> All()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(ResourcePrefix.Length, 3), NumberStyles.None, CultureInfo.InvariantCulture), Read(assembly, name)))
            .OrderBy(step => step.Item1)];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
