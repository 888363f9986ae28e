using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Audit;

/// <summary>The words of the audit page, in one language.</summary>
public sealed record AuditTexts
{
    public required string Title { get; init; }
    public required string LeadAll { get; init; }
    public required string LeadOwn { get; init; }
    public required string Filter { get; init; }
    public required string Who { get; init; }
    public required string Anybody { get; init; }
    public required string Act { get; init; }
    public required string AnyAct { get; init; }
    public required string Text { get; init; }
    public required string TextHint { get; init; }
    public required string Show { get; init; }
    public required string ShowAll { get; init; }
    public required string Entries { get; init; }
    public required string When { get; init; }
    public required string What { get; init; }
    public required string Subject { get; init; }
    public required string Detail { get; init; }

    /// <summary><c>{0}</c> is the name of an API key or application.</summary>
    public required string ByKey { get; init; }

    /// <summary><c>{0}</c> is a user's name.</summary>
    public required string OwnedBy { get; init; }
    public required string None { get; init; }
    public required string NoneMatches { get; init; }
    public required string Older { get; init; }
    public required string Newest { get; init; }

    /// <summary>The kinds of subjects, by the first word of their names.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }

    /// <summary>The acts, by their names in the management API.</summary>
    public required IReadOnlyDictionary<string, string> Acts { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static AuditTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    private static readonly AuditTexts English = new()
    {
        Title = "Audit",
        LeadAll = "Who did what: every change to subscriptions, deliveries, replays and applications, by page and by call.",
        LeadOwn = "What you did, and what others did to your own subscriptions and applications.",
        Filter = "Filter",
        Who = "Who",
        Anybody = "Anybody",
        Act = "What was done",
        AnyAct = "Anything",
        Text = "Text",
        TextHint = "In subject, label, detail or names.",
        Show = "Show",
        ShowAll = "Show all",
        Entries = "Entries, newest first",
        When = "When",
        What = "What was done",
        Subject = "To what",
        Detail = "Detail",
        ByKey = "with the key {0}",
        OwnedBy = "of {0}",
        None = "Nothing was done yet.",
        NoneMatches = "No entry matches. Show all, or look for less.",
        Older = "Older entries",
        Newest = "Newest entries",
        Kinds = new Dictionary<string, string>
        {
            ["subscription"] = "Subscription",
            ["delivery"] = "Delivery",
            ["replay"] = "Replay",
            ["application"] = "Application",
            ["buttons"] = "Buttons",
        },
        Acts = new Dictionary<string, string>
        {
            [Track.Acts.CreateSubscription] = "Subscription created",
            [Track.Acts.ChangeSubscription] = "Subscription changed",
            [Track.Acts.DeleteSubscription] = "Subscription deleted",
            [Track.Acts.RestoreSubscription] = "Subscription restored",
            [Track.Acts.PauseSubscription] = "Subscription paused",
            [Track.Acts.ResumeSubscription] = "Subscription resumed",
            [Track.Acts.RotateSecret] = "Signing secret replaced",
            [Track.Acts.TestSubscription] = "Test sent",
            [Track.Acts.ResendDelivery] = "Delivery sent again",
            [Track.Acts.CancelDelivery] = "Delivery cancelled",
            [Track.Acts.StartReplay] = "Replay started",
            [Track.Acts.CancelReplay] = "Replay cancelled",
            [Track.Acts.ImportButtons] = "Buttons converted",
            [Track.Acts.CreateApplication] = "Application registered",
            [Track.Acts.ChangeApplication] = "Application changed",
            [Track.Acts.DeleteApplication] = "Application deleted",
            [Track.Acts.RenewApplicationSecret] = "Application’s secret replaced",
            [Track.Acts.GiveConsent] = "Application allowed to act",
            [Track.Acts.RevokeConsent] = "Application’s permission taken back",
        },
    };

    private static readonly AuditTexts French = new()
    {
        Title = "Journal d’audit",
        LeadAll = "Qui a fait quoi : chaque changement apporté aux abonnements, livraisons, relectures et applications, par page ou par appel.",
        LeadOwn = "Ce que vous avez fait, et ce que d’autres ont fait à vos propres abonnements et applications.",
        Filter = "Filtrer",
        Who = "Qui",
        Anybody = "Tout le monde",
        Act = "Action",
        AnyAct = "Toutes",
        Text = "Texte",
        TextHint = "Dans l’objet, le libellé, le détail ou les noms.",
        Show = "Afficher",
        ShowAll = "Tout afficher",
        Entries = "Entrées, les plus récentes d’abord",
        When = "Quand",
        What = "Action",
        Subject = "Objet",
        Detail = "Détail",
        ByKey = "avec la clé {0}",
        OwnedBy = "de {0}",
        None = "Rien n’a encore été fait.",
        NoneMatches = "Aucune entrée ne correspond. Affichez tout, ou cherchez moins de mots.",
        Older = "Entrées plus anciennes",
        Newest = "Entrées les plus récentes",
        Kinds = new Dictionary<string, string>
        {
            ["subscription"] = "Abonnement",
            ["delivery"] = "Livraison",
            ["replay"] = "Relecture",
            ["application"] = "Application",
            ["buttons"] = "Boutons",
        },
        Acts = new Dictionary<string, string>
        {
            [Track.Acts.CreateSubscription] = "Abonnement créé",
            [Track.Acts.ChangeSubscription] = "Abonnement modifié",
            [Track.Acts.DeleteSubscription] = "Abonnement supprimé",
            [Track.Acts.RestoreSubscription] = "Abonnement rétabli",
            [Track.Acts.PauseSubscription] = "Abonnement suspendu",
            [Track.Acts.ResumeSubscription] = "Abonnement repris",
            [Track.Acts.RotateSecret] = "Secret de signature remplacé",
            [Track.Acts.TestSubscription] = "Essai envoyé",
            [Track.Acts.ResendDelivery] = "Livraison renvoyée",
            [Track.Acts.CancelDelivery] = "Livraison annulée",
            [Track.Acts.StartReplay] = "Relecture lancée",
            [Track.Acts.CancelReplay] = "Relecture annulée",
            [Track.Acts.ImportButtons] = "Boutons convertis",
            [Track.Acts.CreateApplication] = "Application enregistrée",
            [Track.Acts.ChangeApplication] = "Application modifiée",
            [Track.Acts.DeleteApplication] = "Application supprimée",
            [Track.Acts.RenewApplicationSecret] = "Secret de l’application remplacé",
            [Track.Acts.GiveConsent] = "Application autorisée à agir",
            [Track.Acts.RevokeConsent] = "Autorisation retirée à l’application",
        },
    };
}
