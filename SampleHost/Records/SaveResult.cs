using Dam.Hosting;

namespace SampleHost.Records;

/// <summary>How a save ended: one of the nested records, and no other.</summary>
internal abstract record SaveResult
{
    private SaveResult()
    {
    }

    /// <summary>Committed. For a deletion the record as it last was.</summary>
    public sealed record Saved(RecordSnapshot Record, IReadOnlyList<Change> Changes) : SaveResult;

    /// <summary>Field values were refused; nothing was saved.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SaveResult;

    /// <summary>The save makes no sense as things stand, or a plugin cancelled it; nothing was saved.</summary>
    public sealed record Cancelled(string Reason) : SaveResult;

    /// <summary>Somebody else changed the record since; nothing was saved.</summary>
    public sealed record Stale(RecordSnapshot Current) : SaveResult;

    /// <summary>No such record, or none that the user may see.</summary>
    public sealed record NotFound : SaveResult;

    /// <summary>The user sees the record but may not do this.</summary>
    public sealed record Forbidden(string Reason) : SaveResult;

    /// <summary>A save with the same press key was committed before; nothing was saved this time.</summary>
    public sealed record AlreadyPressed(RecordSnapshot Record) : SaveResult;
}
