using Dam.Hosting;

namespace Plugin.ApiWebhooks.Pages.RecordPanels;

/// <summary>The words of the panel on a record's page, in one language.</summary>
public sealed record RecordPanelTexts
{
    public required string Changes { get; init; }
    public required string NoChanges { get; init; }
    public required string NotDelivered { get; init; }

    /// <summary><c>{0}</c> is how many.</summary>
    public required string More { get; init; }
    public required string AllDeliveries { get; init; }
    public required string Presses { get; init; }
    public required string NoPresses { get; init; }
    public required string AllPresses { get; init; }
    public required string Show { get; init; }

    /// <summary>What happened, in words.</summary>
    public required IReadOnlyDictionary<ChangeKind, string> Kinds { get; init; }

    /// <summary>The texts of a language; English for those that have none here.</summary>
    public static RecordPanelTexts In(string language) =>
        Languages.IsFrench(language) ? French : English;

    private static readonly RecordPanelTexts English = new()
    {
        Changes = "Latest changes and their deliveries",
        NoChanges = "No change of this record is kept.",
        NotDelivered = "No delivery of this change is known.",
        More = "and {0} more",
        AllDeliveries = "All deliveries of this record",
        Presses = "Latest presses of buttons",
        NoPresses = "No button was pressed on this record yet.",
        AllPresses = "All presses on this record",
        Show = "Show this press",
        Kinds = new Dictionary<ChangeKind, string>
        {
            [ChangeKind.RecordInserted] = "Record created",
            [ChangeKind.RecordAppended] = "Something appended",
            [ChangeKind.MetadataChanged] = "Metadata changed",
            [ChangeKind.RecordDeleted] = "Record deleted",
            [ChangeKind.RecordPublished] = "Published",
            [ChangeKind.RecordUnpublished] = "Withdrawn from publication",
            [ChangeKind.FileAdded] = "File added",
            [ChangeKind.FileReplaced] = "File replaced",
            [ChangeKind.FileDeleted] = "File deleted",
            [ChangeKind.WorkflowEventRaised] = "Workflow event",
            [ChangeKind.WorkflowStateChanged] = "Workflow state changed",
            [ChangeKind.RecordMoved] = "Moved",
        },
    };

    private static readonly RecordPanelTexts French = new()
    {
        Changes = "Dernières modifications et leurs livraisons",
        NoChanges = "Aucune modification de cette notice n’est conservée.",
        NotDelivered = "Aucune livraison de cette modification n’est connue.",
        More = "et {0} autres",
        AllDeliveries = "Toutes les livraisons de cette notice",
        Presses = "Dernières utilisations des boutons",
        NoPresses = "Aucun bouton n’a encore été utilisé sur cette notice.",
        AllPresses = "Toutes les utilisations sur cette notice",
        Show = "Afficher cette utilisation",
        Kinds = new Dictionary<ChangeKind, string>
        {
            [ChangeKind.RecordInserted] = "Notice créée",
            [ChangeKind.RecordAppended] = "Élément ajouté",
            [ChangeKind.MetadataChanged] = "Métadonnées modifiées",
            [ChangeKind.RecordDeleted] = "Notice supprimée",
            [ChangeKind.RecordPublished] = "Publiée",
            [ChangeKind.RecordUnpublished] = "Retirée de la publication",
            [ChangeKind.FileAdded] = "Fichier ajouté",
            [ChangeKind.FileReplaced] = "Fichier remplacé",
            [ChangeKind.FileDeleted] = "Fichier supprimé",
            [ChangeKind.WorkflowEventRaised] = "Événement du flux de travail",
            [ChangeKind.WorkflowStateChanged] = "État du flux de travail modifié",
            [ChangeKind.RecordMoved] = "Déplacée",
        },
    };
}
