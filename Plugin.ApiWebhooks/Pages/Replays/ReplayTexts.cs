namespace Plugin.ApiWebhooks.Pages.Replays;

/// <summary>The words of the pages of replays, in one language.</summary>
public sealed record ReplayTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string New { get; init; }
    public required string Running { get; init; }
    public required string Ended { get; init; }
    public required string NoneEnded { get; init; }
    public required string Replay { get; init; }
    public required string Subscription { get; init; }
    public required string Which { get; init; }
    public required string Window { get; init; }
    public required string State { get; init; }
    public required string Result { get; init; }
    public required string Begun { get; init; }
    public required string Finished { get; init; }

    /// <summary><c>{0}</c> is how many were made owed.</summary>
    public required string OwedShort { get; init; }

    /// <summary><c>{0}</c> is how many would be.</summary>
    public required string CountShort { get; init; }
    public required string Older { get; init; }
    public required string Newest { get; init; }

    /// <summary><c>{0}</c> is its number, <c>{1}</c> the subscription.</summary>
    public required string One { get; init; }
    public required string CountOnly { get; init; }
    public required string HookItself { get; init; }

    /// <summary>Which changes, by their names in the management API.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }

    /// <summary>What each kind means, for the form.</summary>
    public required IReadOnlyDictionary<string, string> KindHints { get; init; }

    /// <summary>States by their names in the management API.</summary>
    public required IReadOnlyDictionary<string, string> States { get; init; }

    public required string WindowAll { get; init; }

    /// <summary><c>{0}</c> and <c>{1}</c> are the first and the last change.</summary>
    public required string WindowChanges { get; init; }

    /// <summary><c>{0}</c> and <c>{1}</c> are times.</summary>
    public required string WindowBetween { get; init; }

    /// <summary><c>{0}</c> is a time.</summary>
    public required string WindowFrom { get; init; }

    /// <inheritdoc cref="WindowFrom"/>
    public required string WindowUntil { get; init; }
    public required string WindowEmpty { get; init; }

    public required string Progress { get; init; }
    public required string Asked { get; init; }
    public required string Seen { get; init; }
    public required string Owed { get; init; }
    public required string WouldOwe { get; init; }
    public required string Skipped { get; init; }
    public required string SkippedHint { get; init; }
    public required string Refused { get; init; }
    public required string Missing { get; init; }

    /// <summary><c>{0}</c> is the last change that is gone.</summary>
    public required string MissingFromLog { get; init; }

    /// <summary><c>{0}</c> is a change.</summary>
    public required string ForgottenFailed { get; init; }

    /// <inheritdoc cref="ForgottenFailed"/>
    public required string Forgotten { get; init; }
    public required string WaitsForHook { get; init; }
    public required string WaitsForResuming { get; init; }
    public required string WaitsForEarlier { get; init; }
    public required string LookAgain { get; init; }
    public required string Cancel { get; init; }
    public required string CancelHint { get; init; }
    public required string NotRunning { get; init; }
    public required string Deliveries { get; init; }
    public required string Again { get; init; }
    public required string NotThere { get; init; }

    public required string NewLead { get; init; }
    public required string Choose { get; init; }
    public required string WindowEverything { get; init; }
    public required string WindowEverythingHint { get; init; }
    public required string WindowByTime { get; init; }
    public required string WindowByPosition { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string TimeHint { get; init; }
    public required string First { get; init; }
    public required string Last { get; init; }
    public required string PositionHint { get; init; }
    public required string Count { get; init; }
    public required string CountAgain { get; init; }
    public required string Counted { get; init; }
    public required string CountedNone { get; init; }
    public required string Start { get; init; }

    /// <summary><c>{0}</c> is how many are to be sent.</summary>
    public required string StartSome { get; init; }
    public required string StartUncounted { get; init; }
    public required string NoSubscription { get; init; }
    public required string NotConfigured { get; init; }
    public required string NoWindow { get; init; }
    public required string EndBeforeBeginning { get; init; }
    public required string NoTime { get; init; }
    public required string NoNumber { get; init; }
    public required string Faulty { get; init; }
    public required string OnceMore { get; init; }
    public required string NotReadable { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static ReplayTexts In(string language) =>
        Languages.IsFrench(language) ? ReplayWords.French : ReplayWords.English;
}
