using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Browsing;

/// <summary>A third-party system on a port of its own. It counts its calls, can be told to wait, and writes back through the Host API.</summary>
public sealed class OtherSystem : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<long, Gate> _gates = new();

    private OtherSystem(WebApplication app) => _app = app;

    public Uri BaseUri { get; private set; } = null!;

    /// <summary>The record ids of the calls, in order.</summary>
    public ConcurrentQueue<long> Calls { get; } = new();

    /// <summary>A client of the Host API, set once the host runs.</summary>
    public HttpClient? HostApi { get; set; }

    public static async Task<OtherSystem> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var system = new OtherSystem(builder.Build());
        system.Map();
        await system._app.StartAsync();
        system.BaseUri = new Uri(system._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return system;
    }

    public int CallsFor(long recordId) => Calls.Count(id => id == recordId);

    /// <summary>Completes when <c>/wait</c> was called for a record.</summary>
    public Task CalledAsync(long recordId) => GateOf(recordId).Called.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Lets <c>/wait</c> answer for a record.</summary>
    public void Answer(long recordId) => GateOf(recordId).Opened.TrySetResult();

    public ValueTask DisposeAsync()
    {
        foreach (var gate in _gates.Values)
            gate.Opened.TrySetResult();
        return _app.DisposeAsync();
    }

    private void Map()
    {
        _app.MapPost("/write", async (HttpContext context) =>
        {
            var id = Note(context);
            using var answer = await HostApi!.PatchAsJsonAsync(
                $"/api/records/{id}", new { fields = new { description = new[] { "Written by the other system" } } });
            context.Response.StatusCode = (int)answer.StatusCode;
        });
        _app.MapPost("/wait", async (HttpContext context) =>
        {
            var gate = GateOf(Note(context));
            gate.Called.TrySetResult();
            await gate.Opened.Task;
            return Results.Text("Now it is done.");
        });
        _app.MapPost("/fail", (HttpContext context) =>
        {
            Note(context);
            return Results.Json(new { message = "<i>The shelf is empty</i>" }, statusCode: 500);
        });
    }

    private long Note(HttpContext context)
    {
        var id = long.Parse(context.Request.Query["id"].ToString(), CultureInfo.InvariantCulture);
        Calls.Enqueue(id);
        return id;
    }

    private Gate GateOf(long recordId) => _gates.GetOrAdd(recordId, _ => new Gate());

    private sealed class Gate
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
