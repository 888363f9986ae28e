using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Host.Tests.Loading;

/// <summary>A web server that keeps the POSTs it gets.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body)> _calls = new();

    private Receiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public int Count => _calls.Count;

    /// <summary>The <c>traceparent</c> of the last POST; null when it had none.</summary>
    public string? LastTraceParent { get; private set; }

    private event Action? Received;

    /// <summary>Starts one, behind TLS if there is a certificate.</summary>
    public static async Task<Receiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var receiver = new Receiver(builder.Build());
        receiver._app.MapPost("/{**path}", receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits for a POST to a path with a text in its body.</summary>
    public async Task WaitForAsync(string path, string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Received += Look;
        Look();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Received -= Look;

        void Look()
        {
            if (_calls.Any(call => call.Path == path && call.Body.Contains(text, StringComparison.Ordinal)))
                seen.TrySetResult();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        LastTraceParent = context.Request.Headers.TryGetValue("traceparent", out var value) ? value.ToString() : null;
        _calls.Enqueue((context.Request.Path, await reader.ReadToEndAsync()));
        Received?.Invoke();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
