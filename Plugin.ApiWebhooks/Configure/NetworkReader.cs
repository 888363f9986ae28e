using Dam.Hosting;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Reads <c>network{}</c>, and decides from it how each receiver is reached.</summary>
internal static class NetworkReader
{
    private const string NoProxy = "none";

    /// <summary>Reads the section.</summary>
    public static NetworkSettings Read(SectionReader reader, Uri baseUri, ICollection<PluginFault> faults)
    {
        var allow = new List<AllowEntry>();
        foreach (var (path, text) in reader.Items(NetworkOptions.Allow))
        {
            if (AllowEntry.TryParse(BaseAddress.Expand(text, baseUri), out var entry))
                allow.Add(entry);
            else
                faults.Add(new(FaultSeverity.Error, path, $"\"{AddressRules.Shown(text)}\" is neither host:port nor a range of addresses.", "Write for example \"cms.internal:8080\", \"10.1.0.0/16\" or \"{baseUri}\"."));
        }

        var bypass = new List<ProxyBypass>();
        foreach (var (path, text) in reader.Items(NetworkOptions.ProxyBypass))
        {
            if (ProxyBypass.TryParse(BaseAddress.Expand(text, baseUri), out var entry))
                bypass.Add(entry);
            else
                faults.Add(new(FaultSeverity.Error, path, $"\"{AddressRules.Shown(text)}\" is neither a host nor a range of addresses.", "Write for example \"cms.internal\", \"*.internal\", \"10.1.0.0/16\" or \"{baseUri}\"."));
        }

        return new NetworkSettings { Allow = allow, Proxy = ReadProxy(reader, NetworkOptions.Proxy, out _), ProxyBypass = bypass };
    }

    /// <summary>Reads the address of a proxy.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="option">Its key.</param>
    /// <param name="refuses">Whether <c>none</c> stands there.</param>
    public static ProxyAddress? ReadProxy(SectionReader reader, Option option, out bool refuses)
    {
        var text = reader.Text(option);
        refuses = string.Equals(text, NoProxy, StringComparison.OrdinalIgnoreCase);
        if (text is null || refuses)
            return null;
        if (ProxyAddress.TryParse(text, out var proxy))
            return proxy;
        // The value is not repeated: it may hold a password, wherever it stands in it.
        reader.Refuse(option.Key, "is not the address of a proxy", "Write http:// or socks5://, user:password@ if the proxy asks for them, host and port, such as http://proxy.internal:3128, or \"none\".");
        return null;
    }

    /// <summary>How a hook's receiver is reached; null for the usual way.</summary>
    public static Via? WayOf(HookSettings hook, NetworkSettings network)
    {
        var proxy = hook.Proxy ?? (hook.RefusesProxy ? null : network.ProxyFor(hook.Url));
        return new Via { Proxy = proxy, Roots = hook.Roots, Identity = hook.Identity }.OrUsual();
    }

    /// <summary>How a button's target is reached; null for the usual way.</summary>
    public static Via? WayOf(ButtonSettings button, NetworkSettings network) => new Via { Proxy = network.ProxyFor(button.Url) }.OrUsual();
}
