using System.Globalization;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects.CloudEvents;

/// <summary>The abuse protection of CloudEvents' web hooks 1.0 (section 4): the receiver is asked by <c>OPTIONS</c> whether it wants what is to come.</summary>
internal static class AbuseProtection
{
    private const string AllowedOrigin = "WebHook-Allowed-Origin";
    private const string AllowedRate = "WebHook-Allowed-Rate";

    /// <summary>The question.</summary>
    /// <param name="origin">The name of this site's host, as receivers are told to expect it.</param>
    /// <param name="perSecond">How fast the hook wants to send; null for no wish.</param>
    public static Handshake Ask(string origin, double? perSecond) => new()
    {
        Method = "OPTIONS",
        Headers = perSecond is { } rate
            ? [new("WebHook-Request-Origin", origin), new("WebHook-Request-Rate", Math.Max(1, (long)Math.Ceiling(rate * 60)).ToString(CultureInfo.InvariantCulture))]
            : [new("WebHook-Request-Origin", origin)],
        AnswerHeaders = [AllowedOrigin, AllowedRate],
        Judge = answer => Judge(origin, answer.GetValueOrDefault(AllowedOrigin), answer.GetValueOrDefault(AllowedRate)),
    };

    /// <summary>Understands the answer. The rate is a number of requests in a minute; the asterisk is no limit.</summary>
    public static Permission Judge(string origin, string? allowedOrigin, string? allowedRate)
    {
        var named = allowedOrigin?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (!named.Any(each => each == "*" || each.Equals(origin, StringComparison.OrdinalIgnoreCase)))
        {
            return new Permission(
                named.Length == 0
                    ? $"The receiver did not permit {origin} to send: its answer to OPTIONS lacks {AllowedOrigin}."
                    : $"The receiver permits others to send, and not {origin}: {AllowedOrigin} is another.",
                null);
        }
        var isNumber = int.TryParse(allowedRate?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var perMinute);
        return isNumber && perMinute == 0
            ? new Permission($"The receiver permits no request: {AllowedRate} is 0.", null)
            : new Permission(null, isNumber ? RateLimit.Of(perMinute / 60.0, null) : null);
    }
}
