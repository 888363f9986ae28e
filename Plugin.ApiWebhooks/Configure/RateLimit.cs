namespace Plugin.ApiWebhooks.Configure;

/// <summary>How fast a hook may be sent to.</summary>
/// <param name="PerSecond">Attempts in a second, in the long run.</param>
/// <param name="Burst">Attempts at once after a quiet time.</param>
internal sealed record RateLimit(double PerSecond, int Burst)
{
    /// <summary>The limit with the usual burst: what may be sent in a second, and at least one.</summary>
    public static RateLimit Of(double perSecond, int? burst) => new(perSecond, burst ?? Math.Max(1, (int)Math.Ceiling(perSecond)));
}
