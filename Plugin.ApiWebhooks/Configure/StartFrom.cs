namespace Plugin.ApiWebhooks.Configure;

/// <summary>From when on a new hook is owed changes: one of the nested records, and no other.</summary>
internal abstract record StartFrom
{
    private StartFrom()
    {
    }

    /// <summary>From the moment at which the hook is first seen.</summary>
    internal sealed record Now : StartFrom;

    /// <summary>From the first change that the change log has.</summary>
    internal sealed record Beginning : StartFrom;

    /// <summary>From a moment in the past.</summary>
    /// <param name="At">The moment; one to come is now.</param>
    internal sealed record Time(DateTimeOffset At) : StartFrom;

    /// <summary>Reads <c>now</c>, <c>beginning</c> or a time; null when it is none of them.</summary>
    public static StartFrom? Parse(string text) => text.Trim().ToLowerInvariant() switch
    {
        "now" => new Now(),
        "beginning" => new Beginning(),
        _ => IsoTime.TryParse(text, out var at) ? new Time(at) : null,
    };
}
