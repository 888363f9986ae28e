namespace SampleHost.EditPage;

/// <summary>A form that came too late: both versions, field by field.</summary>
public sealed record ConflictView
{
    /// <summary>The record's id.</summary>
    public required long Id { get; init; }

    /// <summary>The record's title as stored now.</summary>
    public required string Title { get; init; }

    /// <summary>The version stored now, from which the choice is saved.</summary>
    public required long Version { get; init; }

    /// <summary>The version the form was drawn from.</summary>
    public required long FormVersion { get; init; }

    /// <summary>Who saved in between.</summary>
    public required string SavedBy { get; init; }

    /// <summary>When they did.</summary>
    public required DateTimeOffset SavedAt { get; init; }

    /// <summary>Whether a button was pressed with the form: it was not carried out.</summary>
    public bool WasPress { get; init; }

    /// <summary>The private box as the form changed it, or null when it did not.</summary>
    public bool? Private { get; init; }

    /// <summary>Whether an upload is being looked through.</summary>
    public bool Review { get; init; }

    /// <summary>The name of the type the form was drawn for.</summary>
    public required string TypeName { get; init; }

    /// <summary>The fields on which the versions differ.</summary>
    public required IReadOnlyList<ConflictFieldView> Fields { get; init; }
}

/// <summary>A field on which the versions differ.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">Its label.</param>
/// <param name="Mine">The values in the form.</param>
/// <param name="Theirs">The values stored now.</param>
/// <param name="ChangedBy">Who changed it since the form was drawn.</param>
/// <param name="TakeMine">Whether the form's values are chosen at first.</param>
public sealed record ConflictFieldView(
    string Name, string Label, IReadOnlyList<string> Mine, IReadOnlyList<string> Theirs, ChangedBy ChangedBy, bool TakeMine);

/// <summary>Who changed a field since the form was drawn.</summary>
public enum ChangedBy
{
    /// <summary>Only the form.</summary>
    Me,

    /// <summary>Only the others.</summary>
    Them,

    /// <summary>Both.</summary>
    Both,
}
