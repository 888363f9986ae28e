using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Host.Tests.Start;

/// <summary>A collector that keeps what it gets. What is looked for are names and values, which stand in the bytes of protobuf as they are.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StringBuilder> _bodies = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Everything that was sent to a path, as Latin-1.</summary>
    public string Sent(string path)
    {
        lock (_gate)
            return _bodies.TryGetValue(path, out var body) ? body.ToString() : "";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        var body = await reader.ReadToEndAsync();
        lock (_gate)
        {
            if (!_bodies.TryGetValue(context.Request.Path, out var sent))
                _bodies[context.Request.Path] = sent = new StringBuilder();
            sent.Append(body);
        }
    }
}
