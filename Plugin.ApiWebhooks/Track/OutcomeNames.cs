using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Track;

/// <summary>The outcomes of attempts as they are called in metrics and spans.</summary>
internal static class OutcomeNames
{
    private static readonly string[] Names = [.. Enum.GetValues<AttemptOutcome>().Select(outcome => ToSnakeCase(outcome.ToString()))];

    /// <summary>The name of an outcome, such as <c>timed_out</c>.</summary>
    public static string Of(AttemptOutcome outcome) => Names[(int)outcome];

    private static string ToSnakeCase(string name) => string.Concat(name.Select((letter, place) =>
        char.IsAsciiLetterUpper(letter) ? (place > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
