using System.Net;

namespace Benchmarks.Load;

/// <summary>Makes HTTP clients that keep their connections open and do nothing beside.</summary>
internal static class PlainClient
{
    /// <param name="connections">The highest number of connections to one server.</param>
    public static HttpClient Create(int connections) =>
        new(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connections,
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        })
        {
            Timeout = TimeSpan.FromMinutes(2),
        };
}
