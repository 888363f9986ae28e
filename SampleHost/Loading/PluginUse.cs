namespace SampleHost.Loading;

/// <summary>
/// A lease over what the running plugins registered as <typeparamref name="T"/>. None of these plugins is stopped before the lease is
/// disposed, so keep it for the length of the calls and no longer, and keep no service beyond it.
/// </summary>
internal sealed class PluginUse<T> : IDisposable
    where T : class
{
    private IReadOnlyList<PluginTraffic>? _entered;

    internal PluginUse(IReadOnlyList<(string PluginId, T Service)> items, IReadOnlyList<PluginTraffic> entered)
    {
        Items = items;
        _entered = entered;
    }

    /// <summary>The services with the plugin each belongs to, plugins in the order of their ids; empty after disposal.</summary>
    public IReadOnlyList<(string PluginId, T Service)> Items { get; private set; }

    public void Dispose()
    {
        var entered = Interlocked.Exchange(ref _entered, null);
        if (entered is null)
            return;
        Items = [];
        foreach (var traffic in entered)
            traffic.LeaveCall();
    }
}
