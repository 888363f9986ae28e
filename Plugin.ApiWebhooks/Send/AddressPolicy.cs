using System.Net;
using System.Net.Sockets;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// Which addresses belong to the public internet. Everything else is refused unless the administrator names it: a receiver's address is
/// entered by people who may not be meant to reach the machines inside.
/// </summary>
/// <remarks>Networks after the IANA special-purpose address registries (RFC 6890 and its updates).</remarks>
internal static class AddressPolicy
{
    private static readonly (IPNetwork Network, string Reason)[] RefusedV4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "unspecified"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared by a provider's customers"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "reserved"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "a 6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "for benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("255.255.255.255/32"), "broadcast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    // The translated forms carry an IPv4 address inside, which the machine that translates would dial: they are refused whole.
    private static readonly (IPNetwork Network, string Reason)[] RefusedV6 =
    [
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("::ffff:0:0/96"), "an IPv4 address in IPv6 form"),
        (IPNetwork.Parse("::/96"), "an IPv4 address in IPv6 form"),
        (IPNetwork.Parse("64:ff9b::/96"), "a NAT64 address"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "a NAT64 address"),
        (IPNetwork.Parse("2001::/32"), "a Teredo address"),
        (IPNetwork.Parse("2001::/23"), "reserved"),
        (IPNetwork.Parse("2001:db8::/32"), "for documentation"),
        (IPNetwork.Parse("2002::/16"), "a 6to4 address"),
        (IPNetwork.Parse("3fff::/20"), "for documentation"),
        (IPNetwork.Parse("fc00::/7"), "unique-local"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
    ];

    private static readonly IPNetwork GlobalUnicastV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Why an address is refused, in words that end the sentence "the address is …"; null when it is public.</summary>
    public static string? Refuse(IPAddress address)
    {
        var refused = address.AddressFamily == AddressFamily.InterNetwork ? RefusedV4 : RefusedV6;
        foreach (var (network, reason) in refused)
        {
            if (Holds(network, address))
                return reason;
        }
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Holds(GlobalUnicastV6, address))
            return "not part of the public internet";
        return null;
    }

    // IPNetwork.Contains reads an IPv4-mapped address as IPv4 and would let it slip past the IPv6 table: bits are compared here.
    private static bool Holds(IPNetwork network, IPAddress address)
    {
        Span<byte> prefix = stackalloc byte[16];
        Span<byte> bytes = stackalloc byte[16];
        if (!network.BaseAddress.TryWriteBytes(prefix, out var length) || !address.TryWriteBytes(bytes, out var written) || length != written)
            return false;
        var whole = network.PrefixLength / 8;
        if (!prefix[..whole].SequenceEqual(bytes[..whole]))
            return false;
        var rest = network.PrefixLength % 8;
        return rest == 0 || (prefix[whole] ^ bytes[whole]) >> (8 - rest) == 0;
    }
}
