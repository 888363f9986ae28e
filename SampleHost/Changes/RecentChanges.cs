using Dam.Hosting;
using SampleHost.Storage;

namespace SampleHost.Changes;

/// <summary>
/// The newest changes of the log, as they were committed: a reader who keeps up is served from here, without reading and parsing what the writer had in
/// its hands a moment ago. Not safe for several threads at once.
/// </summary>
internal sealed class RecentChanges
{
    /// <summary>How many are kept at most.</summary>
    public const int Most = 1024;

    /// <summary>How much they may take up together, measured as in the log.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    private readonly Queue<AppendedChange> _changes = new();
    private long _last;
    private long _bytes;

    /// <summary>Takes in what was committed, in order.</summary>
    public void Add(IReadOnlyList<AppendedChange> committed)
    {
        foreach (var appended in committed)
        {
            // A gap means that somebody else wrote to the log: only the log knows what lies in it.
            if (_changes.Count > 0 && appended.Change.Sequence != _last + 1)
                Clear();
            _changes.Enqueue(appended);
            _last = appended.Change.Sequence;
            _bytes += appended.Bytes;
            while (_changes.Count > Most || _bytes > MostBytes)
                _bytes -= _changes.Dequeue().Bytes;
        }
    }

    /// <summary>The changes after a position, in order; null when only the log can tell.</summary>
    public List<Change>? FindAfter(long position, int limit)
    {
        if (position >= _last || !_changes.TryPeek(out var oldest) || position < oldest.Change.Sequence - 1)
            return null;
        var skipped = (int)(position - (oldest.Change.Sequence - 1));
        return [.. _changes.Skip(skipped).Take(limit).Select(appended => appended.Change)];
    }

    /// <summary>Lets go of what was removed from the log.</summary>
    public void Forget(long upTo)
    {
        while (_changes.TryPeek(out var oldest) && oldest.Change.Sequence <= upTo)
            _bytes -= _changes.Dequeue().Bytes;
    }

    private void Clear()
    {
        _changes.Clear();
        _bytes = 0;
    }
}
