using System.Globalization;

namespace Plugin.ApiWebhooks.Buttons;

/// <summary>Which presses are asked for; null means all.</summary>
internal sealed record PressFilter
{
    /// <summary>The button's key, also of a button that is not configured any more.</summary>
    public string? ButtonKey { get; init; }

    public long? RecordId { get; init; }

    /// <summary>Who pressed; upper and lower case do not matter.</summary>
    public string? UserName { get; init; }

    /// <summary><c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>unknown</c>.</summary>
    public string? State { get; init; }

    /// <summary>Only presses before this one.</summary>
    public PressCursor? Before { get; init; }

    public required int Limit { get; init; }
}

/// <summary>A place in the history of presses: they are told apart by their keys where they were made in the same millisecond.</summary>
internal readonly record struct PressCursor(DateTimeOffset PressedAt, string PressKey)
{
    /// <summary>The place of a press.</summary>
    public static PressCursor Of(PressLogEntry press) => new(press.PressedAt, press.PressKey);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static PressCursor? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < LastMillisecond
            ? new PressCursor(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), text[(dot + 1)..])
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PressedAt.ToUnixTimeMilliseconds()}.{PressKey}");

    // The end of the year 9999, after which there are no instants.
    private const long LastMillisecond = 253_402_300_799_999;
}
