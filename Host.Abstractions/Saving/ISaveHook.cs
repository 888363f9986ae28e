namespace Dam.Hosting;

/// <summary>
/// Registered by a plugin that takes part in saves. A hook that throws before the save cancels it with a general message; a hook that throws
/// afterwards is logged: a committed save cannot be broken.
/// </summary>
public interface ISaveHook
{
    /// <summary>
    /// Called after the host's own validation and before anything is written, with no transaction held. The hook may add field errors or
    /// cancel; it must not call out for long, since an editor waits.
    /// </summary>
    /// <remarks>
    /// Called for inserts and for updates of a record's fields and settings, and again when somebody else saved the record in between.
    /// Work on files, publication, workflow steps and deletions are told to <see cref="AfterCommitAsync"/> only.
    /// </remarks>
    /// <param name="save">What is about to be saved.</param>
    /// <param name="cancellationToken">Cancelled when the editor leaves.</param>
    ValueTask BeforeSaveAsync(SaveAttempt save, CancellationToken cancellationToken);

    /// <summary>Called after the save committed, with no transaction and no lock held, once for each save and not again after a crash.</summary>
    /// <remarks>For work that must not be lost read the <see cref="IChangeLog"/> instead.</remarks>
    /// <param name="changes">The changes the save logged, in order; empty when nothing changed.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask AfterCommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken);
}

/// <summary>A save that is about to happen, and what hooks object to.</summary>
/// <param name="current">The record as stored, or null for an insert.</param>
/// <param name="proposed">Field values by field name as they would be stored; <c>title</c> is one of the names.</param>
/// <param name="actor">Who saves.</param>
public sealed class SaveAttempt(
    RecordSnapshot? current, IReadOnlyDictionary<string, IReadOnlyList<string>> proposed, Actor actor)
{
    private readonly List<FieldError> _errors = [];

    /// <summary>The record as stored, or null for an insert.</summary>
    public RecordSnapshot? Current { get; } = current;

    /// <summary>Field values by field name as they would be stored; <c>title</c> is one of the names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Proposed { get; } = proposed;

    /// <summary>Who saves.</summary>
    public Actor Actor { get; } = actor;

    /// <summary>The errors added so far. Any error stops the save.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Why the save is cancelled, or null when it is not.</summary>
    public string? CancelReason { get; private set; }

    /// <summary>Objects to one field; the form is drawn again with the message beside it.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="message">What is wrong and what to enter instead.</param>
    public void AddError(string field, string message) => _errors.Add(new FieldError(field, message));

    /// <summary>Cancels the whole save. The first reason stays.</summary>
    /// <param name="reason">Why, for the person who saves.</param>
    public void Cancel(string reason) => CancelReason ??= reason;
}

/// <summary>What is wrong with one field's value.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Message">What is wrong and what to enter instead.</param>
public sealed record FieldError(string Field, string Message);
