using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Plugin.ApiWebhooks.Api;

/// <summary>What a hook is tried with.</summary>
/// <param name="Event">The event's name, of the hook's dialect or of the standard one; null for the first that the hook wants.</param>
/// <param name="RecordId">The record that the event is to be of; null for the example's.</param>
internal sealed record TrialWish(string? Event, long? RecordId);

/// <summary>A change that never happened, to try a hook with.</summary>
/// <param name="EventName">Its event, as the hook's dialect calls it.</param>
/// <param name="Change">The change.</param>
/// <param name="IsExample">Whether it is of the example's record.</param>
/// <param name="KeptOutBy">Which part of the hook's filter would keep a real one like it out; null when it would pass.</param>
internal sealed record TrialChange(string EventName, Change Change, bool IsExample, FilterPart? KeptOutBy)
{
    /// <summary>Whether a real one like it would pass the hook's filter.</summary>
    public bool PassesFilter => KeptOutBy is null;
}

/// <summary>Why there is nothing to try a hook with.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Detail">In many, for programmers.</param>
internal sealed record TrialRefusal(TrialRefusalKind Kind, string Detail);

/// <summary>Why there is nothing to try a hook with.</summary>
internal enum TrialRefusalKind
{
    /// <summary>The record is not there, or not for the eyes of whoever asks.</summary>
    NoRecord,

    /// <summary>There is no event of that name.</summary>
    NoEvent,

    /// <summary>The hook asks for no such event.</summary>
    NotWanted,

    /// <summary>No message can be made of the change.</summary>
    NoMessage,

    /// <summary>The hook's owner may not know of it.</summary>
    NotForOwner,
}

/// <summary>Finds the change to try a hook with: one that it wants.</summary>
internal sealed class TrialChanges(EventCatalogue catalogue, IRecordReader records, TimeProvider time)
{
    /// <summary>Finds a change.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="wish">What is asked for.</param>
    /// <param name="user">Who asks; a record must be one that the user may see.</param>
    /// <param name="cancellationToken">Cancels the reading of the record.</param>
    /// <returns>The change, or why there is none.</returns>
    public async Task<(TrialChange? Change, TrialRefusal? Refusal)> FindAsync(HookSettings hook, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        RecordSnapshot? record = null;
        if (wish.RecordId is { } id)
        {
            record = await records.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (record is null || !records.CanSee(user, record))
                return (null, new(TrialRefusalKind.NoRecord, $"There is no record {id}, or none that this caller may see."));
        }
        var named = Candidates(hook.Dialect).Where(each => wish.Event is null || string.Equals(each.Name, wish.Event, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (named.Length == 0)
            return (null, new(TrialRefusalKind.NoEvent, $"There is no event \"{wish.Event}\". {RemedyOf(wish.Event!, hook.Dialect)}"));
        TrialChange? wanted = null;
        foreach (var (name, example) in named)
        {
            if (record is not null && example.Record is null)
                continue;
            var change = Fresh(record is null ? example : Of(example, record), user);
            if (!hook.Rules.Wants(change))
                continue;
            var trial = new TrialChange(name, change, record is null, hook.Filter?.FindObstacle(change));
            if (trial.PassesFilter)
                return (trial, null);
            wanted ??= trial;
        }
        return wanted is not null
            ? (wanted, null)
            : (null, new(TrialRefusalKind.NotWanted, $"The hook wants no such event{(record is null ? "" : $" of record {record.Id}")}. Name another by \"event\", or change what the hook asks for."));
    }

    private IEnumerable<(string Name, Change Change)> Candidates(string dialect)
    {
        foreach (var entry in catalogue.All.Where(each => each.Dialect == dialect))
        {
            if (entry.Event.Kind is { } kind)
                yield return (entry.Event.Name, entry.Event.Shape?.Invoke(ExampleChanges.Of(kind)) ?? ExampleChanges.Of(kind));
        }
        foreach (var kind in Enum.GetValues<ChangeKind>())
            yield return (StandardEvents.Of(kind), ExampleChanges.Of(kind));
    }

    private string RemedyOf(string name, string dialect) =>
        Nearest.To(name, Candidates(dialect).Select(each => each.Name)) is { } guess ? $"Did you mean \"{guess}\"?" : $"All of them: {ManagementApi.Root}/event-types?dialect={dialect}.";

    // As if it had happened to that record just now.
    private static Change Of(Change example, RecordSnapshot record) => example with
    {
        Record = record,
        File = example.File is null ? null : record.Files.Count > 0 ? record.Files[^1] : example.File,
        ChangedFields = example.ChangedFields.Count == 0
            ? []
            : [.. record.Fields.Select(field => new ChangedField(field.Name, [], field.Values) { Predicate = field.Predicate, Category = field.Category })],
    };

    // An id of its own each time: a receiver that knows the former must not take it for a duplicate. It stands at no place of the log.
    private Change Fresh(Change change, HostUser user)
    {
        var now = time.GetUtcNow();
        return change with { Id = Guid.CreateVersion7(now), Sequence = 0, OccurredAt = now, Actor = change.Actor with { UserName = user.Name, UserId = user.Id }, TraceParent = null };
    }
}
