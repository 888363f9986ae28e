using System.Text.Json;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>
/// Tells open pages of the list what has changed, by server-sent events: the rows as they are now, whenever something was committed and the rows look different then.
/// </summary>
/// <remarks>
/// It asks, and the engine knows nothing of it: once a second whether anything was committed, which costs nothing, and only then it searches again. However much
/// happens in that second is one message; and a search that takes long is made the more seldom.
/// </remarks>
internal sealed class DeliveryTail(DeliveryList list, PluginDatabase database, PageDrawing drawing, IHostIdentity identity, TimeProvider time) : IDoor, IDisposable
{
    /// <summary>Where it is; it takes the list's own parameters.</summary>
    public const string Path = PageDrawing.Root + "/deliveries-live";

    /// <summary>How many pages may be open at a time.</summary>
    public const int MostStreams = 50;

    /// <summary>How many of one user.</summary>
    public const int MostOfUser = 8;

    private const int RestPerSearch = 10;

    private static readonly TimeSpan LeastRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly List<string> _open = [];

    /// <summary>How many are open.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path, (RequestDelegate)StreamAsync);

    /// <summary>Ends all streams, and lets no new one begin.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task StreamAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        if (!TryOpen(user.Name))
        {
            // A browser does not try again by itself after this.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        try
        {
            await RunAsync(context, user.Name, ending.Token).ConfigureAwait(false);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // The page was closed, or the plugin stops.
        }
        finally
        {
            Close(user.Name);
        }
    }

    private async Task RunAsync(HttpContext context, string userName, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.WriteAsync("retry: 3000\n\n", cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        var (seen, shown, told) = (-1L, (string?)null, time.GetTimestamp());
        while (true)
        {
            var rest = LeastRest;
            var commits = database.Commits;
            if (commits != seen)
            {
                seen = commits;
                // With the rights of this moment; who lost them is told no more.
                if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user || user.Name != userName || !user.Roles.Contains(Api.Gate.AdminRole))
                    return;
                var began = time.GetTimestamp();
                var view = await list.ReadAsync(user, context.Request.Query, cancellationToken).ConfigureAwait(false);
                var html = (await drawing.RenderAsync<DeliveryRowsPart>(view.Rows).ConfigureAwait(false)).Value ?? "";
                var took = time.GetElapsedTime(began);
                rest = took * RestPerSearch > LeastRest ? took * RestPerSearch : LeastRest;
                if (html != shown)
                {
                    shown = html;
                    await SendAsync(response, $"data: {JsonSerializer.Serialize(html, TailJson.Default.String)}\n\n", cancellationToken).ConfigureAwait(false);
                    told = time.GetTimestamp();
                }
            }
            if (time.GetElapsedTime(told) >= SignOfLife)
            {
                await SendAsync(response, ":\n\n", cancellationToken).ConfigureAwait(false);
                told = time.GetTimestamp();
            }
            await Task.Delay(rest, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool TryOpen(string user)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || _open.Count >= MostStreams || _open.Count(each => each == user) >= MostOfUser)
                return false;
            _open.Add(user);
            return true;
        }
    }

    private void Close(string user)
    {
        lock (_gate)
            _open.Remove(user);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TailJson : System.Text.Json.Serialization.JsonSerializerContext;
