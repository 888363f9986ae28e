using Npgsql;
using SampleHost.Storage.Copy;

namespace SampleHost.Start;

/// <summary><c>storage copy --from sqlite --to postgres</c>: moves a host that does not serve from SQLite to PostgreSQL.</summary>
internal static class StorageCommand
{
    private static readonly string[] Flags = ["--from", "sqlite", "--to", "postgres"];

    public static bool IsMeant(IReadOnlyList<string> args) => args.Count >= 6 && args[0] == "storage" && args[1] == "copy" && args.Skip(2).Take(4).SequenceEqual(Flags);

    /// <returns>The exit code: 0 done, 1 refused or failed.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        try
        {
            // The plugins end with this process: nothing of them has to leave the memory before.
            await using var app = DamApplication.Build(
                [.. args.Skip(2 + Flags.Length), "--Host:Storage:Provider=postgres", "--Host:KeepPluginCode=true", "--Logging:LogLevel:Default=Warning"]);
            await ActivatorUtilities.CreateInstance<StorageCopy>(app.Services, output).RunAsync(cancellationToken);
            return 0;
        }
        catch (NpgsqlException exception)
        {
            await error.WriteLineAsync($"The database failed: {exception.Message} What was copied stays: run the command again to go on.");
            return 1;
        }
        catch (InvalidOperationException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
