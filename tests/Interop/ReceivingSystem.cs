using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Interop.Tests;

/// <summary>A system that receives what the site sends, on a loopback port of its own. It keeps every request as it came.</summary>
public sealed class ReceivingSystem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly List<ReceivedRequest> _requests = [];
    private readonly Lock _gate = new();

    private ReceivingSystem(WebApplication app) => _app = app;

    private event Action? Received;

    public Uri BaseUri => new(_app.Urls.First());

    /// <summary>What is answered, by the request; 204 unless it is set.</summary>
    public Func<ReceivedRequest, Reply>? Answer { get; set; }

    public static async Task<ReceivingSystem> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var system = new ReceivingSystem(builder.Build());
        system._app.Run(system.ReceiveAsync);
        await system._app.StartAsync();
        return system;
    }

    /// <summary>An address of this system.</summary>
    public string Address(string path) => BaseUri.ToString().TrimEnd('/') + path;

    /// <summary>The requests to a path so far, in the order of their arrival.</summary>
    public IReadOnlyList<ReceivedRequest> To(string path)
    {
        lock (_gate)
            return [.. _requests.Where(request => request.Path == path)];
    }

    /// <summary>Waits until so many requests came to a path, and returns them all.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> WaitForAsync(string path, int count = 1)
    {
        await WaitUntilAsync(() => To(path).Count >= count, () => $"Waited for {count} requests to {path}; {To(path).Count} came.");
        return To(path);
    }

    /// <summary>Waits for the first request that is as it should be.</summary>
    public async Task<ReceivedRequest> WaitForAsync(string path, Func<ReceivedRequest, bool> isIt)
    {
        await WaitUntilAsync(() => To(path).Any(isIt), () => $"None of the {To(path).Count} requests to {path} was as expected: {string.Join('\n', To(path).Select(r => r.Text))}");
        return To(path).First(isIt);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task WaitUntilAsync(Func<bool> isSo, Func<string> otherwise)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Received += Look;
        try
        {
            Look();
            await done.Task.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail(otherwise());
        }
        finally
        {
            Received -= Look;
        }

        void Look()
        {
            if (isSo())
                done.TrySetResult();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? ""))).ToList();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = new ReceivedRequest(context.Request.Method, target, headers, body.ToArray());
        var reply = Answer?.Invoke(request) ?? new Reply(204);
        lock (_gate)
            _requests.Add(request);
        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            context.Response.Headers.Append(name, value);
        if (reply.Body is not null)
            await context.Response.WriteAsync(reply.Body);
        Received?.Invoke();
    }
}

/// <summary>A request as it came.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Target">Path and query as they stood in the request, nothing decoded.</param>
/// <param name="Headers">All headers, also those that came twice.</param>
/// <param name="Body">The bytes.</param>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    /// <summary>A header's value; null when it did not come.</summary>
    public string? Header(string name) => Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();
}

/// <summary>What a receiving system answers.</summary>
public sealed record Reply(int Status, string? Body = null)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
