using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;

namespace SampleHost.Loading;

/// <summary>The endpoints of all plugins, as one source that the host's routing watches.</summary>
internal sealed class PluginEndpoints : EndpointDataSource, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, IReadOnlyList<Endpoint>> _byPlugin = new(StringComparer.Ordinal);
    private CancellationTokenSource _change = new();
    private volatile IReadOnlyList<Endpoint> _all = [];
    private EndpointDataSource _host = new DefaultEndpointDataSource();

    /// <inheritdoc/>
    public override IReadOnlyList<Endpoint> Endpoints => _all;

    /// <inheritdoc/>
    public override IChangeToken GetChangeToken()
    {
        lock (_lock)
            return new CancellationChangeToken(_change.Token);
    }

    /// <summary>Takes part in the host's routing, beside the endpoints that the host has mapped by now.</summary>
    public void Join(IEndpointRouteBuilder host)
    {
        // As they are now: routing asks every source again whenever the endpoints of a plugin change, and the host's own sources would make theirs anew each time.
        _host = new DefaultEndpointDataSource(host.DataSources.SelectMany(source => source.Endpoints).ToArray());
        host.DataSources.Clear();
        host.DataSources.Add(_host);
        host.DataSources.Add(this);
    }

    /// <summary>Replaces a plugin's endpoints; an empty list takes the plugin out.</summary>
    public void Set(string pluginId, IReadOnlyList<Endpoint> endpoints)
    {
        CancellationTokenSource changed;
        lock (_lock)
        {
            if (endpoints.Count == 0)
                _byPlugin.Remove(pluginId);
            else
                _byPlugin[pluginId] = endpoints;
            _all = _byPlugin.Values.SelectMany(list => list).ToList();
            changed = _change;
            _change = new CancellationTokenSource();
        }

        changed.Cancel();
        changed.Dispose();
    }

    /// <summary>Lets a plugin's paths answer "try again soon" while a new version of it is being started.</summary>
    public void SetReplacing(string pluginId)
    {
        IReadOnlyList<Endpoint>? present;
        lock (_lock)
            present = _byPlugin.GetValueOrDefault(pluginId);
        if (present is not null)
            Set(pluginId, present.OfType<RouteEndpoint>().Select(Placeholder).ToList());
    }

    /// <summary>The endpoints a new plugin must not collide with, each with the name of its owner.</summary>
    public IReadOnlyList<(string Owner, RouteEndpoint Endpoint)> OthersThan(string pluginId)
    {
        var host = _host.Endpoints.OfType<RouteEndpoint>().Select(endpoint => ("the host", endpoint));
        lock (_lock)
        {
            return host.Concat(_byPlugin
                    .Where(plugin => plugin.Key != pluginId)
                    .SelectMany(plugin => plugin.Value.OfType<RouteEndpoint>().Select(endpoint => ($"plugin {plugin.Key}", endpoint))))
                .ToList();
        }
    }

    public void Dispose() => _change.Dispose();

    /// <summary>Answers a request that found the plugin on its way out or in.</summary>
    public static Task WriteUnavailableAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return TypedResults.Problem(
            title: "The plugin is being replaced", detail: "Try again in a moment.", statusCode: StatusCodes.Status503ServiceUnavailable)
            .ExecuteAsync(context);
    }

    /// <summary>Takes over path and method as text: nothing of the old version may be kept.</summary>
    private static RouteEndpoint Placeholder(RouteEndpoint endpoint)
    {
        var builder = new RouteEndpointBuilder(
            WriteUnavailableAsync, RoutePatternFactory.Parse(endpoint.RoutePattern.RawText ?? "/"), endpoint.Order);
        if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { } methods)
            builder.Metadata.Add(new HttpMethodMetadata(methods.HttpMethods));
        return (RouteEndpoint)builder.Build();
    }
}
