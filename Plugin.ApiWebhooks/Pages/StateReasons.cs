using System.Text.RegularExpressions;
using Plugin.ApiWebhooks.Detect;

namespace Plugin.ApiWebhooks.Pages;

/// <summary>
/// Why a subscription is not served, in the reader's language. It is stored in English, as the management API and the log tell it; what is not known here is shown as
/// it stands.
/// </summary>
internal static partial class StateReasons
{
    private static readonly Dictionary<string, string> French = new(StringComparer.Ordinal)
    {
        [SubscriptionStates.NotEnabled] = "Non activé dans config.json.",
        [SubscriptionStates.NotInFile] = "Retiré de config.json.",
        [SubscriptionStates.MayComeBack] = "Supprimé ; il peut être restauré pendant un moment.",
        [SubscriptionStates.Deleted] = "Supprimé.",
        ["The receiver answered 410 Gone: it wants no more messages."] = "Le récepteur a répondu 410 Gone : il ne veut plus de messages.",
    };

    /// <summary>A reason in a language.</summary>
    public static string? In(string language, string? reason)
    {
        if (reason is null || !Languages.IsFrench(language))
            return reason;
        if (French.TryGetValue(reason, out var known))
            return known;
        if (Paused().Match(reason) is { Success: true } paused)
            return $"Mis en pause par {paused.Groups[1].Value}.";
        return Failed().Match(reason) is { Success: true } failed
            ? $"Chaque essai a échoué depuis {failed.Groups[1].Value} UTC ; le dernier : {FailureTexts.In(language).TitleOf(failed.Groups[2].Value)}.{failed.Groups[3].Value}"
            : reason;
    }

    [GeneratedRegex(@"^Paused by (.+)\.$", RegexOptions.Singleline)]
    private static partial Regex Paused();

    // As Deliver/FailureWatch.cs writes it.
    [GeneratedRegex(@"^Every attempt failed since ([0-9: -]+) UTC; the last one: (\w+)\.(.*)$", RegexOptions.Singleline)]
    private static partial Regex Failed();
}
