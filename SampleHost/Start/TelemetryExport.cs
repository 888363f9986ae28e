using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SampleHost.Start;

/// <summary>
/// Sends metrics and spans of host and plugins by OTLP. Registered only when <see cref="HostOptions.OtlpEndpoint"/> is set: otherwise no object of OpenTelemetry's
/// is made, nobody listens, and measuring costs nothing. Everything but endpoint and protocol is left to the variables that OpenTelemetry prescribes,
/// such as <c>OTEL_EXPORTER_OTLP_HEADERS</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c> or <c>OTEL_TRACES_SAMPLER</c>.
/// </summary>
internal sealed class TelemetryExport(HostOptions options, HostInformation information, IConfiguration configuration) : IHostedService, IDisposable
{
    /// <summary>Whose metrics and spans: the plugins' by agreement, since the host does not know them.</summary>
    public const string OfPlugins = "Plugin.*";

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    /// <summary>Before the plugins, which start later: their first span is sent too.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Asks ASP.NET Core to write the attributes that OpenTelemetry prescribes into the spans of requests; it does not by itself.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        var resource = ResourceBuilder.CreateDefault().AddService(
            configuration["OTEL_SERVICE_NAME"] ?? "SampleHost", serviceVersion: information.Version, serviceInstanceId: Environment.MachineName);
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(OfPlugins, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddOtlpExporter(otlp => Direct(otlp, "v1/metrics"))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(OfPlugins, "Microsoft.AspNetCore")
            .AddOtlpExporter(otlp => Direct(otlp, "v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what has gathered, without waiting for its time.</summary>
    /// <returns>Whether all of it was taken.</returns>
    public bool Flush() => (_metrics?.ForceFlush() ?? true) & (_traces?.ForceFlush() ?? true);

    /// <summary>After the plugins: what they did last is sent too.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        // In the background: sending to a collector that hangs takes its time, and the host's own limit for stopping holds.
        return Task.Run(Dispose, CancellationToken.None).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref _metrics, null)?.Dispose();
        Interlocked.Exchange(ref _traces, null)?.Dispose();
    }

    private void Direct(OtlpExporterOptions otlp, string path)
    {
        // The port tells, as everywhere: 4317 is for gRPC.
        var isGrpc = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] is { Length: > 0 } protocol
            ? protocol.Equals("grpc", StringComparison.OrdinalIgnoreCase)
            : options.OtlpEndpoint!.Port == 4317;
        otlp.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = isGrpc ? options.OtlpEndpoint! : new Uri(options.OtlpEndpoint!.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
