namespace Plugin.ApiWebhooks.Dialects.Docuteam;

/// <summary>One row of a webhook's additional metadata: a field of the record that is added to the event.</summary>
internal sealed record AdditionalMetadata
{
    /// <summary>What the keys <c>…_is</c> and <c>…_was</c> begin with.</summary>
    public required string FieldLabel { get; init; }

    /// <summary>The RDF predicate of the field.</summary>
    public required string Predicate { get; init; }

    /// <summary>The category that tells fields with the same predicate apart; null takes the first field with the predicate.</summary>
    public string? Category { get; init; }

    /// <summary>Whether <c>…_was</c> is added.</summary>
    public bool IncludePreviousValues { get; init; }

    /// <summary>Whether all values are added, as an array also for one or none; else the first one alone.</summary>
    public bool InsertMultipleValues { get; init; }

    /// <summary>The key of the value after the operation.</summary>
    public string IsKey => FieldLabel + "_is";

    /// <summary>The key of the value before the operation.</summary>
    public string WasKey => FieldLabel + "_was";
}
