using System.Text.RegularExpressions;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>Which addresses may be called, and how they are shown.</summary>
internal static partial class AddressRules
{
    /// <summary>What is wrong with an address that is to be called, or null.</summary>
    /// <param name="text">The address with its placeholders filled in.</param>
    public static (string What, string Remedy)? Find(string text)
    {
        if (text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return ($"\"{ShownBroken(text)}\" has white space in it", "Write %20 for a space, and no line break.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return ($"\"{ShownBroken(text)}\" is not an address", "Write a whole address such as https://cms.example.org/hook?resource_id=");
        if (uri.Scheme is not ("http" or "https"))
            return ($"\"{Shown(text)}\" has the scheme \"{uri.Scheme}\"", "Only http and https can be called.");
        if (HostOf(uri) is null)
            return ($"\"{Shown(text)}\" has a host that cannot be looked up", "Check the spelling of the host name.");
        if (uri.Host.Length == 0)
            return ($"\"{Shown(text)}\" names no host", "Write a whole address such as https://cms.example.org/hook?resource_id=");
        if (text.Contains('#', StringComparison.Ordinal))
            return ($"\"{Shown(text)}\" has a fragment (#…), which is never sent, and what is appended would be lost in it", "Remove the # and what follows, or write %23.");
        return null;
    }

    /// <summary>The host as it is looked up; null for one that reads as an address but is no name, which .NET tells by an exception.</summary>
    public static string? HostOf(Uri uri)
    {
        try
        {
            return uri.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// An address of the configuration with stars for what may be a credential: the user info, the values of the query but for the record's id, and a fragment.
    /// </summary>
    public static string Shown(string address)
    {
        var text = UserInfo().Replace(address, "$1***@");
        var fragment = text.IndexOf('#', StringComparison.Ordinal) + 1;
        if (fragment > 0)
            text = text[..fragment] + "***";
        var query = text.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? text : text[..(query + 1)] + string.Join('&', text[(query + 1)..].Split('&').Select(ShownPair));
    }

    // Of what is no address nobody knows where the user info begins, a password with a slash in it for example.
    private static string ShownBroken(string text)
    {
        var at = text.LastIndexOf('@');
        return Shown(at < 0 ? text : "***" + text[at..]);
    }

    private static string ShownPair(string pair)
    {
        var at = pair.IndexOf('=', StringComparison.Ordinal) + 1;
        return at == 0 || pair[at..] is "" or "{id}" or "{pid}" ? pair : pair[..at] + "***";
    }

    // Also where the rest is no address at all: a fault must not show the password.
    [GeneratedRegex("^([^/]*//)?[^/?#]*@")]
    private static partial Regex UserInfo();
}
