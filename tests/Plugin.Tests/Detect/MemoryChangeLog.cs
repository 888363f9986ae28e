using Dam.Hosting;

namespace Plugin.Tests.Detect;

/// <summary>The host's side of the change log, kept in memory.</summary>
internal sealed class MemoryChangeLog : IChangeLog
{
    private readonly Lock _gate = new();
    private readonly List<Change> _changes = [];
    private long? _waitedAfter;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All changes.</summary>
    public IReadOnlyList<Change> All
    {
        get
        {
            lock (_gate)
                return [.. _changes];
        }
    }

    /// <summary>How often it was read.</summary>
    public int Reads { get; private set; }

    /// <summary>Whether somebody read all of it and waits for more.</summary>
    public bool IsReadToItsEnd
    {
        get
        {
            lock (_gate)
                return _waitedAfter == _changes.Count;
        }
    }

    /// <summary>The sequence up to which the log has forgotten its changes.</summary>
    public long First { get; private set; }

    /// <summary>When set, every read fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Appends a change; its sequence and id are given here.</summary>
    public Change Append(Func<Change, Change>? shape = null)
    {
        lock (_gate)
        {
            var sequence = _changes.Count + 1;
            var change = Changes.Inserted(sequence);
            change = (shape?.Invoke(change) ?? change) with { Sequence = sequence };
            _changes.Add(change);
            _more.TrySetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return change;
        }
    }

    public Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Reads++;
            if (IsBroken)
                throw new IOException("The log is broken.");
            return Task.FromResult<IReadOnlyList<Change>>([.. _changes.Skip((int)Math.Max(position, First)).Take(limit)]);
        }
    }

    public Task WaitForMoreAsync(long position, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _waitedAfter = position;
            return _changes.Count > position ? Task.CompletedTask : _more.Task.WaitAsync(cancellationToken);
        }
    }

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult((long)_changes.Count);
    }

    /// <summary>Removes the changes up to a sequence.</summary>
    public void Forget(long upTo)
    {
        lock (_gate)
            First = upTo;
    }

    public Task<long> GetFirstPositionAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(First);
    }

    public Task<IReadOnlyList<Change>?> ReadOfRecordAsync(long recordId, long? before, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Change>?>(
                [.. _changes.Where(change => change.Record?.Id == recordId && change.Sequence > First && !(change.Sequence >= before)).Reverse().Take(limit)]);
        }
    }

    public Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var kept = _changes.Where(change => change.Sequence > First).ToList();
            var after = from is null ? First : kept.Find(change => change.OccurredAt >= from)?.Sequence - 1 ?? _changes.Count;
            var upTo = before is null ? _changes.Count : kept.FindLast(change => change.OccurredAt < before)?.Sequence ?? after;
            return Task.FromResult(new ChangeStretch(after, Math.Max(after, upTo)));
        }
    }
}

/// <summary>Changes to test with.</summary>
internal static class Changes
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public static Change Inserted(long sequence) => new()
    {
        Sequence = sequence,
        Id = Guid.CreateVersion7(At),
        Kind = ChangeKind.RecordInserted,
        OccurredAt = At,
        Actor = new Actor("editor"),
        Via = ChangeOrigin.Page,
        Record = Record(sequence),
        ChangedFields = [new ChangedField("title", [], [$"Record {sequence}"])],
    };

    public static RecordSnapshot Record(long id) => new()
    {
        Id = id,
        Pid = $"dam:{id}",
        Type = "document",
        Title = $"Record {id}",
        Language = "en",
        Owner = "editor",
        Version = 1,
        CreatedAt = At,
        CreatedBy = "editor",
        ModifiedAt = At,
        ModifiedBy = "editor",
        Fields = [new FieldSnapshot { Name = "title", Values = [$"Record {id}"] }],
    };
}
