namespace Host.Tests;

/// <summary>Disposes a host that a test started for itself.</summary>
internal sealed class Disposing(RunningHost host) : IAsyncDisposable
{
    public RunningHost Host => host;

    public ValueTask DisposeAsync() => new(host.DisposeAsync());
}
