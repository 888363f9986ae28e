namespace Plugin.ApiWebhooks.Pages.Buttons;

/// <summary>The words of the pages of buttons and presses, in one language.</summary>
public sealed record ButtonTexts
{
    public required string Title { get; init; }
    public required string Lead { get; init; }
    public required string None { get; init; }
    public required string Import { get; init; }
    public required string History { get; init; }
    public required string Preview { get; init; }
    public required string InLanguages { get; init; }
    public required string Asks { get; init; }
    public required string Where { get; init; }
    public required string OnEditPage { get; init; }

    /// <summary><c>{0}</c> is the place.</summary>
    public required string Nowhere { get; init; }
    public required string ForWhom { get; init; }
    public required string Everybody { get; init; }

    /// <summary><c>{0}</c> are the roles.</summary>
    public required string OnlyRoles { get; init; }
    public required string AllTypes { get; init; }

    /// <summary><c>{0}</c> are the types.</summary>
    public required string OnlyTypes { get; init; }
    public required string Address { get; init; }
    public required string Sends { get; init; }

    /// <summary><c>{0}</c> is the number of seconds.</summary>
    public required string SendsId { get; init; }

    /// <inheritdoc cref="SendsId"/>
    public required string SendsJson { get; init; }
    public required string Signed { get; init; }
    public required string NotSigned { get; init; }
    public required string LatestPress { get; init; }
    public required string NeverPressed { get; init; }
    public required string AllPresses { get; init; }
    public required string Check { get; init; }
    public required string CheckLead { get; init; }
    public required string RecordNumber { get; init; }
    public required string AsRole { get; init; }
    public required string AsUser { get; init; }
    public required string AsUserHint { get; init; }
    public required string Ask { get; init; }
    public required string NoSuchRecord { get; init; }
    public required string RecordIsNumber { get; init; }
    public required string NoSuchUser { get; init; }

    /// <summary><c>{0}</c> is who, <c>{1}</c> the record's title, <c>{2}</c> its type.</summary>
    public required string Sees { get; init; }

    /// <inheritdoc cref="Sees"/>
    public required string SeesNone { get; init; }

    /// <inheritdoc cref="Sees"/>
    public required string MayNotEdit { get; init; }

    /// <summary><c>{0}</c> is the role.</summary>
    public required string SomebodyWithRole { get; init; }
    public required string NotShown { get; init; }
    public required string WrongPlace { get; init; }

    /// <summary><c>{0}</c> is the record's type.</summary>
    public required string WrongType { get; init; }
    public required string WrongRole { get; init; }

    public required string Presses { get; init; }
    public required string PressesLead { get; init; }
    public required string PressesOfRecord { get; init; }
    public required string AnyButton { get; init; }

    /// <summary><c>{0}</c> is the key of a button that is not configured any more.</summary>
    public required string FormerButton { get; init; }
    public required string AnyOutcome { get; init; }
    public required string Filter { get; init; }
    public required string NoFilter { get; init; }
    public required string NoPresses { get; init; }
    public required string NoneMatch { get; init; }
    public required string Older { get; init; }
    public required string Newest { get; init; }

    /// <summary><c>{0}</c> is the button's label.</summary>
    public required string Press { get; init; }
    public required string Show { get; init; }
    public required string NoSuchPress { get; init; }
    public required string NeedsRecord { get; init; }
    public required string Said { get; init; }
    public required string Advice { get; init; }
    public required string Facts { get; init; }
    public required string Key { get; init; }
    public required string Pid { get; init; }
    public required string Ended { get; init; }
    public required string Took { get; init; }
    public required string Status { get; init; }
    public required string OutcomeClass { get; init; }
    public required string Detail { get; init; }
    public required string PointsTo { get; init; }
    public required string Request { get; init; }
    public required string RequestHint { get; init; }
    public required string Answer { get; init; }
    public required string AnswerHint { get; init; }
    public required string NoAnswer { get; init; }
    public required string LookAgain { get; init; }

    /// <summary>What an administrator can do about an outcome, by its name; what is missing needs nothing.</summary>
    public required IReadOnlyDictionary<string, string> Advices { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static ButtonTexts In(string language) =>
        Languages.IsFrench(language) ? ButtonWords.French : ButtonWords.English;
}
