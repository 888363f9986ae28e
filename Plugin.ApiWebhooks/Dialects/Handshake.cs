using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Dialects;

/// <summary>What a receiver is asked before anything is sent to an address for the first time, and how its answer is understood.</summary>
internal sealed record Handshake
{
    /// <summary>The method of the question.</summary>
    public required string Method { get; init; }

    /// <summary>Its headers, beside those that the hook adds to everything.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The names of the headers in which the answer stands.</summary>
    public required IReadOnlyList<string> AnswerHeaders { get; init; }

    /// <summary>Understands these headers, those that came, by name; letter case does not matter.</summary>
    public required Func<IReadOnlyDictionary<string, string>, Permission> Judge { get; init; }
}

/// <summary>What a receiver permits.</summary>
/// <param name="Objection">Why nothing may be sent, for people; null for permission.</param>
/// <param name="Rate">How fast it may be sent to; null for no limit.</param>
internal sealed record Permission(string? Objection, RateLimit? Rate);
