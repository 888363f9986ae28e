using System.Globalization;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>The words of the overview, in one language. Where a count decides, the words for one stand before the bar and those for more behind it.</summary>
public sealed record OverviewTexts
{
    public required string AllDelivered { get; init; }
    public required string OnTheirWay { get; init; }
    public required string NothingSubscribed { get; init; }
    public required string Attention { get; init; }

    public required string ProblemDisabled { get; init; }
    public required string ProblemFailing { get; init; }
    public required string ProblemGivenUp { get; init; }
    public required string ProblemLate { get; init; }
    public required string ProblemHeld { get; init; }
    public required string ProblemWarnings { get; init; }
    public required string ProblemFaults { get; init; }

    public required string Figures { get; init; }
    public required string ToBeSent { get; init; }
    public required string Waiting { get; init; }
    public required string Held { get; init; }
    public required string GivenUp { get; init; }
    public required string DeliveredDay { get; init; }
    public required string SuccessDay { get; init; }
    public required string NoAttempts { get; init; }

    public required string Disabled { get; init; }

    /// <summary>{0} is the subscription's label.</summary>
    public required string IsDisabled { get; init; }
    public required string FailingSince { get; init; }
    public required string HeldFor { get; init; }
    public required string DisabledAdvice { get; init; }
    public required string Resume { get; init; }
    public required string OpenSubscription { get; init; }
    public required string ItsDeliveries { get; init; }
    public required string MoreDisabled { get; init; }
    public required string Resumed { get; init; }
    public required string NotResumed { get; init; }
    public required string OnceMore { get; init; }

    public required string Undelivered { get; init; }
    public required string NothingUndelivered { get; init; }
    public required string Subscription { get; init; }
    public required string State { get; init; }
    public required string Why { get; init; }
    public required string HowMany { get; init; }
    public required string Oldest { get; init; }
    public required string WhatToDo { get; init; }
    public required string MoreReasons { get; init; }
    public required string LastFailure { get; init; }
    public required string IsDisabledWhy { get; init; }
    public required string IsDisabledAdvice { get; init; }
    public required string ThenResume { get; init; }
    public required string IsPausedWhy { get; init; }
    public required string IsPausedAdvice { get; init; }
    public required string IsRemovedWhy { get; init; }
    public required string IsRemovedAdvice { get; init; }
    public required string IsKeptWhy { get; init; }
    public required string IsKeptAdvice { get; init; }
    public required string IsLateWhy { get; init; }
    public required string IsLateAdvice { get; init; }
    public required string IsBehindWhy { get; init; }
    public required string IsBehindAdvice { get; init; }
    public required string AfterMending { get; init; }

    public required string Subscriptions { get; init; }
    public required string NoSubscriptions { get; init; }
    public required string NoneMatches { get; init; }
    public required string LastDay { get; init; }
    public required string Success { get; init; }
    public required string Lag { get; init; }
    public required string LongestLag { get; init; }
    public required string Owed { get; init; }
    public required string GivenUpCount { get; init; }
    public required string Failing { get; init; }
    public required string FilterLabel { get; init; }
    public required string Filter { get; init; }
    public required string TroubledOnly { get; init; }
    public required string ShowAll { get; init; }
    public required string Place { get; init; }
    public required string Previous { get; init; }
    public required string Next { get; init; }
    public required string Pages { get; init; }

    /// <summary>{0} delivered, {1} attempts failed.</summary>
    public required string BarsLabel { get; init; }
    public required string BarsNothing { get; init; }
    public required string BarsKey { get; init; }

    public required string Nodes { get; init; }

    /// <summary>{0}: how many subscriptions.</summary>
    public required string NodeServes { get; init; }

    public required string NodeSince { get; init; }
    public required string NodeConfigSame { get; init; }
    public required string NodeConfigOther { get; init; }

    public required string AsOf { get; init; }
    public required string PauseUpdates { get; init; }
    public required string ResumeUpdates { get; init; }
    public required string UpdatesLost { get; init; }

    public required string ConfigFile { get; init; }
    public required string DayUnit { get; init; }
    public required string GroupSeparator { get; init; }
    public required string DecimalSeparator { get; init; }

    private static readonly OverviewTexts English = new()
    {
        AllDelivered = "Everything is delivered.",
        OnTheirWay = "All is well. One delivery is on its way.|All is well. {0} deliveries are on their way.",
        NothingSubscribed = "Nobody is subscribed yet, so nothing is sent.",
        Attention = "One thing needs attention.|{0} things need attention.",
        ProblemDisabled = "“{1}” is disabled and is sent nothing.|{0} subscriptions are disabled and are sent nothing.",
        ProblemFailing = "“{1}” fails: its receiver takes nothing.|{0} subscriptions fail: their receivers take nothing.",
        ProblemGivenUp = "One delivery was given up and reaches nobody unless it is sent again.|{0} deliveries were given up and reach nobody unless they are sent again.",
        ProblemLate = "“{1}” is late.|{0} subscriptions are late.",
        ProblemHeld = "“{1}” is not served, and deliveries are held for it.|{0} subscriptions are not served, and deliveries are held for them.",
        ProblemWarnings = "The configuration has a warning.|The configuration has {0} warnings.",
        ProblemFaults = "One fault keeps the plugin from working as it should.|{0} faults keep the plugin from working as it should.",
        Figures = "Deliveries at a glance",
        ToBeSent = "To be sent",
        Waiting = "Waiting for a retry",
        Held = "Held",
        GivenUp = "Given up",
        DeliveredDay = "Delivered in 24 hours",
        SuccessDay = "Attempts that succeeded",
        NoAttempts = "none made",
        Disabled = "Disabled subscriptions",
        IsDisabled = "“{0}” is disabled and is sent nothing.",
        FailingSince = "Nothing but failures since",
        HeldFor = "One delivery is held for it.|{0} deliveries are held for it.",
        DisabledAdvice = "Mend the receiver or enter its new address, then resume: what is held is sent then.",
        Resume = "Resume",
        OpenSubscription = "Open the subscription",
        ItsDeliveries = "Its deliveries",
        MoreDisabled = "One more is disabled; it stands in the table below.|{0} more are disabled; they stand in the table below.",
        Resumed = "“{0}” is served again.",
        NotResumed = "“{0}” could not be resumed: its hook does not stand in the configuration any more.",
        OnceMore = "Nothing was done: the form was too old. Please try once more.",
        Undelivered = "What is undelivered and why",
        NothingUndelivered = "Nothing is: what is owed is on its way, and nothing was given up.",
        Subscription = "Subscription",
        State = "State",
        Why = "Why",
        HowMany = "How many",
        Oldest = "Oldest",
        WhatToDo = "What to do",
        MoreReasons = "One more reason is not shown.|{0} more reasons are not shown.",
        LastFailure = "Before that:",
        IsDisabledWhy = "The subscription is disabled",
        IsDisabledAdvice = "Mend the receiver, then resume the subscription.",
        ThenResume = "Then resume the subscription.",
        IsPausedWhy = "The subscription is paused",
        IsPausedAdvice = "Resume it when its receiver is ready.",
        IsRemovedWhy = "The subscription was taken out of the configuration",
        IsRemovedAdvice = "Nothing, or put it back: then it is sent what is held.",
        IsKeptWhy = "Kept back when the subscription was resumed",
        IsKeptAdvice = "Resume the subscription once more: deliver what is held, or give it up.",
        IsLateWhy = "More is owed than the receiver takes, or it waits for one before it",
        IsLateAdvice = "Look at its last attempts; a higher concurrency helps when the receiver is only slow.",
        IsBehindWhy = "Its receiver fails, and is called more seldom meanwhile",
        IsBehindAdvice = "Mend the receiver: these are sent as soon as it answers again.",
        AfterMending = "Then send again what was given up.",
        Subscriptions = "Subscriptions",
        NoSubscriptions = "There is no subscription yet.",
        NoneMatches = "No subscription matches.",
        LastDay = "Last 24 hours",
        Success = "Success",
        Lag = "Lag",
        LongestLag = "longest {0}",
        Owed = "Undelivered",
        GivenUpCount = "{0} given up",
        Failing = "fails",
        FilterLabel = "Label, key or address contains",
        Filter = "Filter",
        TroubledOnly = "Only those in trouble",
        ShowAll = "Show all",
        Place = "{0}–{1} of {2}",
        Previous = "Previous",
        Next = "Next",
        Pages = "Pages of subscriptions",
        BarsLabel = "{0} delivered, {1} attempts failed",
        BarsNothing = "nothing was sent",
        BarsKey = "Bars: delivered by the hour, and failed attempts above. Success: of all attempts. Lag: from the commit of a change to its delivery, in the last hours.",
        Nodes = "Nodes that share the work",
        NodeServes = "serves {0} subscriptions",
        NodeSince = "since",
        NodeConfigSame = "same configuration",
        NodeConfigOther = "another config.json than the node that shows this page",
        AsOf = "As of",
        PauseUpdates = "Pause updates",
        ResumeUpdates = "Update again",
        UpdatesLost = "The figures could not be renewed; trying again.",
        ConfigFile = "A saved edit of this file is in force within two seconds:",
        DayUnit = "d",
        GroupSeparator = ",",
        DecimalSeparator = ".",
    };

    private static readonly OverviewTexts French = new()
    {
        AllDelivered = "Tout est livré.",
        OnTheirWay = "Tout va bien. Une livraison est en route.|Tout va bien. {0} livraisons sont en route.",
        NothingSubscribed = "Personne n’est abonné : rien n’est envoyé.",
        Attention = "Un point demande votre attention.|{0} points demandent votre attention.",
        ProblemDisabled = "« {1} » est désactivé et ne reçoit rien.|{0} abonnements sont désactivés et ne reçoivent rien.",
        ProblemFailing = "« {1} » échoue : son récepteur n’accepte rien.|{0} abonnements échouent : leurs récepteurs n’acceptent rien.",
        ProblemGivenUp = "Une livraison a été abandonnée et n’atteint personne sans nouvel envoi.|{0} livraisons ont été abandonnées et n’atteignent personne sans nouvel envoi.",
        ProblemLate = "« {1} » est en retard.|{0} abonnements sont en retard.",
        ProblemHeld = "« {1} » n’est pas servi, et des livraisons sont retenues pour lui.|{0} abonnements ne sont pas servis, et des livraisons sont retenues pour eux.",
        ProblemWarnings = "La configuration comporte un avertissement.|La configuration comporte {0} avertissements.",
        ProblemFaults = "Un défaut empêche le bon fonctionnement.|{0} défauts empêchent le bon fonctionnement.",
        Figures = "Les livraisons en un coup d’œil",
        ToBeSent = "À envoyer",
        Waiting = "En attente d’un nouvel essai",
        Held = "Retenues",
        GivenUp = "Abandonnées",
        DeliveredDay = "Livrées en 24 heures",
        SuccessDay = "Essais réussis",
        NoAttempts = "aucun essai",
        Disabled = "Abonnements désactivés",
        IsDisabled = "« {0} » est désactivé et ne reçoit rien.",
        FailingSince = "Que des échecs depuis",
        HeldFor = "Une livraison est retenue pour lui.|{0} livraisons sont retenues pour lui.",
        DisabledAdvice = "Réparez le récepteur ou indiquez sa nouvelle adresse, puis reprenez : ce qui est retenu sera envoyé.",
        Resume = "Reprendre",
        OpenSubscription = "Ouvrir l’abonnement",
        ItsDeliveries = "Ses livraisons",
        MoreDisabled = "Un autre est désactivé ; il figure dans le tableau ci-dessous.|{0} autres sont désactivés ; ils figurent dans le tableau ci-dessous.",
        Resumed = "« {0} » est de nouveau servi.",
        NotResumed = "« {0} » n’a pas pu être repris : il ne figure plus dans la configuration.",
        OnceMore = "Rien n’a été fait : le formulaire était trop ancien. Veuillez réessayer.",
        Undelivered = "Ce qui n’est pas livré, et pourquoi",
        NothingUndelivered = "Rien : ce qui est dû est en route, et rien n’a été abandonné.",
        Subscription = "Abonnement",
        State = "État",
        Why = "Pourquoi",
        HowMany = "Combien",
        Oldest = "Le plus ancien",
        WhatToDo = "Que faire",
        MoreReasons = "Une autre raison n’est pas affichée.|{0} autres raisons ne sont pas affichées.",
        LastFailure = "Auparavant :",
        IsDisabledWhy = "L’abonnement est désactivé",
        IsDisabledAdvice = "Réparez le récepteur, puis reprenez l’abonnement.",
        ThenResume = "Reprenez ensuite l’abonnement.",
        IsPausedWhy = "L’abonnement est en pause",
        IsPausedAdvice = "Reprenez-le quand son récepteur est prêt.",
        IsRemovedWhy = "L’abonnement a été retiré de la configuration",
        IsRemovedAdvice = "Rien, ou remettez-le : ce qui est retenu lui sera envoyé.",
        IsKeptWhy = "Gardées lors de la reprise de l’abonnement",
        IsKeptAdvice = "Reprenez l’abonnement encore une fois : livrez ce qui est retenu, ou abandonnez-le.",
        IsLateWhy = "Il est dû plus que le récepteur n’accepte, ou une autre doit passer avant",
        IsLateAdvice = "Regardez ses derniers essais ; davantage d’envois simultanés aident si le récepteur n’est que lent.",
        IsBehindWhy = "Son récepteur échoue, et est appelé plus rarement entre-temps",
        IsBehindAdvice = "Réparez le récepteur : ces livraisons partent dès qu’il répond de nouveau.",
        AfterMending = "Renvoyez ensuite ce qui a été abandonné.",
        Subscriptions = "Abonnements",
        NoSubscriptions = "Il n’y a pas encore d’abonnement.",
        NoneMatches = "Aucun abonnement ne correspond.",
        LastDay = "Dernières 24 heures",
        Success = "Réussite",
        Lag = "Retard",
        LongestLag = "au plus {0}",
        Owed = "Non livrées",
        GivenUpCount = "{0} abandonnées",
        Failing = "échoue",
        FilterLabel = "Le nom, la clé ou l’adresse contient",
        Filter = "Filtrer",
        TroubledOnly = "Seulement ceux en difficulté",
        ShowAll = "Tout afficher",
        Place = "{0}–{1} sur {2}",
        Previous = "Précédents",
        Next = "Suivants",
        Pages = "Pages des abonnements",
        BarsLabel = "{0} livrées, {1} essais échoués",
        BarsNothing = "rien n’a été envoyé",
        BarsKey = "Barres : livrées par heure, et au-dessus les essais échoués. Réussite : sur tous les essais. Retard : de l’enregistrement d’un changement à sa livraison, ces dernières heures.",
        Nodes = "Nœuds qui se partagent le travail",
        NodeServes = "sert {0} abonnements",
        NodeSince = "depuis",
        NodeConfigSame = "même configuration",
        NodeConfigOther = "un autre config.json que le nœud qui affiche cette page",
        AsOf = "État au",
        PauseUpdates = "Suspendre l’actualisation",
        ResumeUpdates = "Actualiser de nouveau",
        UpdatesLost = "Les chiffres n’ont pas pu être actualisés ; nouvel essai en cours.",
        ConfigFile = "Une modification enregistrée de ce fichier prend effet en deux secondes :",
        DayUnit = "j",
        GroupSeparator = "\u202F",
        DecimalSeparator = ",",
    };

    /// <summary>The words in a language; English where it is not known.</summary>
    public static OverviewTexts In(string language) => Languages.IsFrench(language) ? French : English;

    /// <summary>Words with a count in them.</summary>
    /// <param name="words">Those for one, a bar, and those for more.</param>
    /// <param name="count">How many; goes to {0}.</param>
    /// <param name="name">Goes to {1}.</param>
    public string Of(string words, long count, string name = "")
    {
        var bar = words.IndexOf('|', StringComparison.Ordinal);
        return string.Format(CultureInfo.InvariantCulture, bar < 0 ? words : count == 1 ? words[..bar] : words[(bar + 1)..], Number(count), name);
    }

    /// <summary>A count as it is written.</summary>
    public string Number(long count) => count.ToString("#,0", new NumberFormatInfo { NumberGroupSeparator = GroupSeparator });

    /// <summary>A share in percent. What is not all is never rounded to all, and what is not nothing never to nothing.</summary>
    public string Share(double share)
    {
        var percent = share is > 0.999 and < 1 ? 99.9 : share is > 0 and < 0.001 ? 0.1 : share * 100;
        return percent.ToString(percent is 100 or 0 ? "0" : "0.0", new NumberFormatInfo { NumberDecimalSeparator = DecimalSeparator }) + "\u00A0%";
    }

    /// <summary>A span of time in its largest unit.</summary>
    public string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{(long)span.TotalMilliseconds}\u00A0ms",
        { TotalSeconds: < 10 } => $"{span.TotalSeconds.ToString("0.0", new NumberFormatInfo { NumberDecimalSeparator = DecimalSeparator })}\u00A0s",
        { TotalMinutes: < 2 } => $"{(long)span.TotalSeconds}\u00A0s",
        { TotalHours: < 2 } => $"{(long)span.TotalMinutes}\u00A0min",
        { TotalDays: < 2 } => $"{(long)span.TotalHours}\u00A0h",
        _ => $"{Number((long)span.TotalDays)}\u00A0{DayUnit}",
    };
}
