using System.Globalization;
using System.Net;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>Takes over a button's address, and says what will be different with it.</summary>
internal static class ImportedAddress
{
    private static readonly string[] InnerDomains = [".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa"];

    /// <summary>The address as it is to stand in <c>url</c>. Warnings never show it: it may hold a password.</summary>
    public static string Read(string url, int offset, PhpNotes warnings)
    {
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        if (fragment >= 0)
        {
            url = url[..fragment];
            warnings.Add(offset, "The url has a fragment (#…), in which ResourceSpace lost the record's id: it was never sent. Here the fragment was left out and the id is sent.", "See whether the receiver is to have it; write %23 for a # that belongs to the address.");
        }

        var rest = url;
        foreach (var placeholder in new[] { "{id}", "{pid}", "{baseUri}" })
        {
            rest = rest.Replace(placeholder, "", StringComparison.Ordinal);
            if (url.Contains(placeholder, StringComparison.Ordinal))
                warnings.Add(offset, $"The url has {placeholder} in it: ResourceSpace sent it as it stands, here it is replaced.", "Write %7B and %7D for braces that belong to the address.");
        }

        if (rest.AsSpan().IndexOfAny('{', '}') >= 0)
            warnings.Add(offset, "The url has braces in it: ResourceSpace sent them as they stand, here they are sent as %7B and %7D.", "See whether the receiver decodes them.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return url;
        if (uri.UserInfo.Length > 0)
            warnings.Add(offset, "The url has a user name or a password in it. It is sent as Basic authorization, as before.", "Better keep it out of addresses: remove it and write \"headers\": { \"Authorization\": \"Basic …\" }.");
        if (InnerReason(uri) is { } reason)
            warnings.Add(offset, $"The address {reason}, and is called only when it is allowed.", $"Add \"{HostAndPort(uri)}\" to network.allow.");
        return url;
    }

    private static string? InnerReason(Uri uri)
    {
        var host = uri.Host.TrimEnd('.');
        if (IPAddress.TryParse(host, out var address))
            return AddressPolicy.Refuse(address) is { } why ? $"is not public ({why})" : null;
        return !host.Contains('.', StringComparison.Ordinal) || InnerDomains.Any(domain => host.EndsWith(domain, StringComparison.OrdinalIgnoreCase))
            ? "looks like one of your own network"
            : null;
    }

    private static string HostAndPort(Uri uri) => $"{uri.Host}:{uri.Port.ToString(CultureInfo.InvariantCulture)}";
}
