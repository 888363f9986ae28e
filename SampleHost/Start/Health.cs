using System.Text.Json.Serialization;
using Dapper;
using SampleHost.Loading;
using SampleHost.Storage;

namespace SampleHost.Start;

/// <summary>
/// <c>GET /healthz</c>: 200 when the host can serve, 503 with reasons when not. A faulty plugin is told but does not make the host unready:
/// the host goes on without it, and taking the host out of service would help nobody.
/// </summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/healthz", (Database database, HostInformation information, PluginRegistry plugins) =>
        {
            var reasons = FindReasons(database);
            var report = new HealthReport(reasons.Count == 0 ? "ready" : "unready", information.Version, reasons, FindTroubledPlugins(plugins));
            return Results.Json(report, HealthJson.Default.HealthReport, statusCode: reasons.Count == 0 ? 200 : 503);
        });

    private static List<TroubledPlugin> FindTroubledPlugins(PluginRegistry plugins) =>
        plugins.List()
            .Where(plugin => plugin.State != PluginState.Running || plugin.Faults.Count > 0)
            .Select(plugin => new TroubledPlugin(plugin.Id, plugin.State.ToString(), plugin.Reason, plugin.Faults.Count))
            .ToList();

    private static List<string> FindReasons(Database database)
    {
        var reasons = new List<string>();
        try
        {
            database.Read(connection => connection.ExecuteScalar<long>("SELECT 1"));
        }
        catch (Exception exception)
        {
            // Whatever keeps the database from answering is the reason to report, not a failure of the report.
            reasons.Add($"The database {database.FilePath} does not answer: {exception.Message}");
        }

        if (!database.IsWriting)
            reasons.Add("The database's writer does not run.");
        return reasons;
    }
}

internal sealed record HealthReport(string Status, string Version, IReadOnlyList<string> Reasons, IReadOnlyList<TroubledPlugin> TroubledPlugins);

/// <summary>A plugin that does not run, or says that something of it does not.</summary>
internal sealed record TroubledPlugin(string Id, string State, string? Reason, int Faults);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
