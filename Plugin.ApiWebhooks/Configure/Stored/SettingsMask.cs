using System.Text.Json.Nodes;

namespace Plugin.ApiWebhooks.Configure.Stored;

/// <summary>
/// Puts stars in the place of what is secret in a hook's settings, and back: what comes back with its stars stays what it was, so that whoever edits the rest need
/// not know it.
/// </summary>
internal static class SettingsMask
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Stars = "***";

    private const string UrlKey = "url";

    /// <summary>The settings with stars: options that are secret, all values of headers, user info and query values of addresses.</summary>
    /// <param name="settings">An entry of <c>hooks[]</c>.</param>
    /// <param name="options">The options of hooks and of the dialect.</param>
    public static JsonObject Mask(JsonObject settings, IReadOnlyList<Option> options)
    {
        var masked = new JsonObject();
        foreach (var (key, value) in settings)
        {
            masked[key] = KindOf(key, options) switch
            {
                Place.Secret => MaskAll(value),
                Place.Address when value is JsonValue text && text.TryGetValue<string>(out var url) => MaskUrl(url),
                _ => value?.DeepClone(),
            };
        }
        return masked;
    }

    /// <summary>
    /// The settings with the stored secrets where stars were sent back. When the address leads to another server, what would be sent to it keeps its stars: a secret
    /// that nobody can read is not to be had by sending it elsewhere either.
    /// </summary>
    /// <param name="given">What was sent; not changed.</param>
    /// <param name="stored">What is stored.</param>
    /// <param name="options">The options of hooks and of the dialect.</param>
    public static JsonObject Unmask(JsonObject given, JsonObject stored, IReadOnlyList<Option> options)
    {
        var whole = new JsonObject();
        var isSameServer = LeadsToSameServer(given, stored, options);
        foreach (var (key, value) in given)
        {
            var former = stored.FirstOrDefault(each => each.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
            whole[key] = KindOf(key, options) switch
            {
                _ when !isSameServer && IsSent(key, options) => value?.DeepClone(),
                Place.Secret => UnmaskAll(value, former),
                Place.Address when TextOf(value) is { } url && TextOf(former) is { } formerUrl => UnmaskUrl(url, formerUrl),
                _ => value?.DeepClone(),
            };
        }
        return whole;
    }

    /// <summary>The settings without what is secret, to make others of.</summary>
    /// <param name="settings">An entry of <c>hooks[]</c>.</param>
    /// <param name="options">The options of hooks and of the dialect.</param>
    /// <param name="places">What was left out, by its places.</param>
    public static JsonObject Strip(JsonObject settings, IReadOnlyList<Option> options, out IReadOnlyList<string> places)
    {
        var masked = Mask(settings, options);
        places = FindStars(masked, options);
        var stripped = new JsonObject();
        foreach (var (key, value) in masked)
        {
            if ((KindOf(key, options) switch
            {
                Place.Secret => StripAll(value),
                Place.Address when TextOf(value) is { } url => StripUrl(url),
                _ => value?.DeepClone(),
            }) is { } kept)
                stripped[key] = kept;
        }
        return stripped;
    }

    /// <summary>Where stars stand although nothing is stored in their place.</summary>
    public static IReadOnlyList<string> FindStars(JsonObject settings, IReadOnlyList<Option> options) =>
    [
        .. settings.SelectMany(each => KindOf(each.Key, options) switch
        {
            Place.Secret => FindStars(each.Value, each.Key),
            Place.Address when TextOf(each.Value) is { } url && HasStars(url) => [each.Key],
            _ => [],
        }),
    ];

    /// <summary>An address with stars for user info and for each value of its query.</summary>
    public static string MaskUrl(string url)
    {
        var (before, userInfo, between, query, after) = Split(url);
        return before + (userInfo.Length > 0 ? Stars : "") + between + string.Join('&', query.Select(MaskPair)) + after;
    }

    /// <summary>An address with the former user info and values of the query where stars stand.</summary>
    public static string UnmaskUrl(string url, string former)
    {
        if (!url.Contains(Stars, StringComparison.Ordinal))
            return url;
        var (before, userInfo, between, query, after) = Split(url);
        var of = Split(former);
        var pairs = query.Select(pair => MaskPair(pair) == pair && of.Query.FirstOrDefault(each => MaskPair(each) == pair) is { } known ? known : pair);
        return before + (userInfo == Stars ? of.UserInfo : userInfo) + between + string.Join('&', pairs) + after;
    }

    private static bool HasStars(string url)
    {
        var (_, userInfo, _, query, _) = Split(url);
        return userInfo == Stars || query.Any(pair => pair.EndsWith('=' + Stars, StringComparison.Ordinal));
    }

    // An address that is not among what is given is refused as missing anyway.
    private static bool LeadsToSameServer(JsonObject given, JsonObject stored, IReadOnlyList<Option> options) =>
        AddressOf(given, options) is not { } url || AddressOf(stored, options) is not { } former || ServerOf(url) == ServerOf(former);

    private static string? AddressOf(JsonObject settings, IReadOnlyList<Option> options) =>
        settings.Where(each => KindOf(each.Key, options) == Place.Address).Select(each => TextOf(each.Value)).FirstOrDefault();

    private static string ServerOf(string url)
    {
        var (before, userInfo, between, _, _) = Split(url);
        var start = userInfo.Length > 0 && between.StartsWith('@') ? 1 : 0;
        var end = between.IndexOfAny(['/', '?', '#'], start) is var path and >= 0 ? path : between.Length;
        return (before + between[start..end]).ToUpperInvariant();
    }

    // The engine's own options, but for the headers, stay with it: secrets of signing, of the proxy and of the certificate.
    private static bool IsSent(string key, IReadOnlyList<Option> options)
    {
        var option = options.FirstOrDefault(each => each.Names.Contains(key, StringComparer.OrdinalIgnoreCase));
        return option is null || option.Key == HookOptions.Headers.Key || option.Key == UrlKey || !HookOptions.All.Contains(option);
    }

    private static Place KindOf(string key, IReadOnlyList<Option> options)
    {
        var option = options.FirstOrDefault(each => each.Names.Contains(key, StringComparer.OrdinalIgnoreCase));
        if (option?.Secret == true || string.Equals(option?.Key ?? key, HookOptions.Headers.Key, StringComparison.OrdinalIgnoreCase))
            return Place.Secret;
        return option?.Key == UrlKey ? Place.Address : Place.Plain;
    }

    private static JsonNode? MaskAll(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(each => KeyValuePair.Create(each.Key, MaskAll(each.Value)))),
        JsonArray items => new JsonArray([.. items.Select(MaskAll)]),
        _ => TextOf(value) is { Length: > 0 } ? Stars : value?.DeepClone(),
    };

    private static JsonNode? StripAll(JsonNode? value) => value switch
    {
        JsonObject members when members.Select(each => KeyValuePair.Create(each.Key, StripAll(each.Value))).Where(each => each.Value is not null).ToList() is { Count: > 0 } kept => new JsonObject(kept),
        JsonObject or JsonArray => null,
        _ => TextOf(value) == Stars ? null : value?.DeepClone(),
    };

    private static string StripUrl(string url)
    {
        var (before, userInfo, between, query, after) = Split(url);
        var rest = userInfo == Stars && between.StartsWith('@') ? between[1..] : between;
        return before + (userInfo == Stars ? "" : userInfo) + rest + string.Join('&', query.Select(pair => pair.EndsWith('=' + Stars, StringComparison.Ordinal) ? pair[..^Stars.Length] : pair)) + after;
    }

    private static JsonNode? UnmaskAll(JsonNode? value, JsonNode? former) => value switch
    {
        JsonObject members => new JsonObject(members.Select(each => KeyValuePair.Create(
            each.Key, UnmaskAll(each.Value, (former as JsonObject)?.FirstOrDefault(known => known.Key.Equals(each.Key, StringComparison.OrdinalIgnoreCase)).Value)))),
        JsonArray items => new JsonArray([.. items.Select((item, index) => UnmaskAll(item, former is JsonArray known && index < known.Count ? known[index] : null))]),
        _ => (TextOf(value) == Stars && TextOf(former) is not null ? former : value)?.DeepClone(),
    };

    private static IEnumerable<string> FindStars(JsonNode? value, string place) => value switch
    {
        JsonObject members => members.SelectMany(each => FindStars(each.Value, $"{place}.{each.Key}")),
        JsonArray items => items.SelectMany((item, index) => FindStars(item, $"{place}[{index}]")),
        _ => TextOf(value) == Stars ? [place] : [],
    };

    private static string MaskPair(string pair) => pair.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 && at < pair.Length - 1 ? pair[..(at + 1)] + Stars : pair;

    // By hand: places for values, which some dialects allow in addresses, make no URI of a text.
    private static (string Before, string UserInfo, string Between, string[] Query, string After) Split(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var end = url.IndexOfAny(['/', '?', '#'], start) is var path and >= 0 ? path : url.Length;
        var at = url.LastIndexOf('@', end - 1, end - start);
        var userInfo = at > start ? url[start..at] : "";
        var rest = start + userInfo.Length;
        var question = url.IndexOf('?', end);
        if (question < 0)
            return (url[..start], userInfo, url[rest..], [], "");
        var fragment = url.IndexOf('#', question) is var hash and >= 0 ? hash : url.Length;
        return (url[..start], userInfo, url[rest..(question + 1)], url[(question + 1)..fragment].Split('&'), url[fragment..]);
    }

    private static string? TextOf(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var found) ? found : null;

    private enum Place
    {
        Plain,
        Secret,
        Address,
    }
}
