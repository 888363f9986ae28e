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
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/healthz", async (Database database, HostInformation information, PluginReports plugins, CancellationToken cancellationToken) =>
        {
            var reasons = await FindReasonsAsync(database, cancellationToken);
            var report = new HealthReport(reasons.Count == 0 ? "ready" : "unready", information.Version, reasons, await plugins.ReadAsync(cancellationToken));
            return Results.Json(report, HealthJson.Default.HealthReport, statusCode: reasons.Count == 0 ? 200 : 503);
        });

    private static async Task<List<string>> FindReasonsAsync(Database database, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        try
        {
            database.Read(connection => connection.ExecuteScalar<long>("SELECT 1"));
        }
        catch (Exception exception)
        {
            // Whatever keeps the database from answering is the reason to report, not a failure of the report.
            reasons.Add($"The database {database.Engine.Place} does not answer: {exception.Message}");
        }

        if (!database.IsWriting)
            reasons.Add("The database's writer does not run.");
        else if (database.WriteFault is not null && await FindWriteFaultAsync(database, cancellationToken) is { } fault)
            reasons.Add($"The database {database.Engine.Place} cannot be written: {fault}");
        return reasons;
    }

    // Tried, not remembered: a host that is out of service gets no save by which it would notice that there is room again.
    private static async Task<string?> FindWriteFaultAsync(Database database, CancellationToken cancellationToken)
    {
        try
        {
            await database.TryWritingAsync(cancellationToken).WaitAsync(WritePatience, TimeProvider.System, cancellationToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception.Message;
        }
    }
}

internal sealed record HealthReport(string Status, string Version, IReadOnlyList<string> Reasons, IReadOnlyList<PluginReport> Plugins);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
