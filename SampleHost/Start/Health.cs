using System.Text.Json.Serialization;
using Dapper;
using SampleHost.Storage;

namespace SampleHost.Start;

/// <summary>
/// <c>GET /healthz</c>: 200 when the host can serve, 503 with reasons when not. It also says how the plugins are, how far they are behind and why, which
/// does not make the host unready: it goes on without a plugin, and taking it out of service would not help a receiver that is away.
/// </summary>
internal static class Health
{
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(1.5);

    // Longer than any batch takes while the database is well.
    private static readonly TimeSpan LongBatch = TimeSpan.FromSeconds(3);

    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/healthz", async (Database database, HostInformation information, PluginReports plugins, CancellationToken cancellationToken) =>
        {
            // Beside each other: whoever asks waits for the slower one only.
            var asking = plugins.ReadAsync(cancellationToken);
            var reasons = await FindReasonsAsync(database, cancellationToken);
            var report = new HealthReport(reasons.Count == 0 ? "ready" : "unready", information.Version, reasons, FindWarnings(database), await asking);
            return Results.Json(report, HealthJson.Default.HealthReport, statusCode: reasons.Count == 0 ? 200 : 503);
        });

    private static async Task<List<string>> FindReasonsAsync(Database database, CancellationToken cancellationToken)
    {
        if (FindFault(database) is { } fault)
            return [fault];
        if (!database.IsWriting)
            return ["The database's writer does not run."];
        if (database.WriteFault is { } written && await FindWriteFaultAsync(database, cancellationToken) is { } reason)
            return [$"The database {database.Engine.Place} cannot be written: {reason} Since {StorageFault.Utc(written.SinceAt)}."];
        return [];
    }

    private static IReadOnlyList<string> FindWarnings(Database database) => database.WritingFor is { } busy && busy > LongBatch
        ? [.. database.Engine.Warnings, $"The database {database.Engine.Place} is slow: the saves that are being written have taken {busy.TotalSeconds:0} seconds so far."]
        : database.Engine.Warnings;

    private static string? FindFault(Database database)
    {
        // A server may keep whoever asks it waiting; then somebody has asked already.
        if (database.Engine.IsWatched)
            return database.Engine.Fault?.Sentence;
        try
        {
            database.Read(connection => connection.ExecuteScalar<long>("SELECT 1"));
            return null;
        }
        catch (Exception exception)
        {
            // Whatever keeps the database from answering is the reason to report, not a failure of the report.
            return $"The database {database.Engine.Place} does not answer: {exception.Message}";
        }
    }

    // Tried, not remembered: a host that is out of service gets no save by which it would notice that there is room again.
    private static async Task<string?> FindWriteFaultAsync(Database database, CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await database.TryWritingAsync(leaving.Token).WaitAsync(WritePatience, TimeProvider.System, cancellationToken);
            return null;
        }
        catch (TimeoutException)
        {
            // Not begun yet, it need not be done.
            await leaving.CancelAsync();
            return database.WriteFault?.Text;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{StorageFault.Reason(exception)}.";
        }
    }
}

internal sealed record HealthReport(string Status, string Version, IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings, IReadOnlyList<PluginReport> Plugins);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
