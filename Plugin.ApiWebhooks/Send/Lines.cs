namespace Plugin.ApiWebhooks.Send;

/// <summary>The lines for ways that differ from the usual one: made when first used, kept while the settings name them, and no more than a bounded number.</summary>
/// <param name="dial">Dials for all of them.</param>
internal sealed class Lines(GuardedDial dial) : IDisposable
{
    /// <summary>How many are kept at most; of more, the one that rested longest goes. One in use stays until it is given back.</summary>
    public const int Most = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<Via, Entry> _entries = [];
    private long _uses;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Takes a line for one exchange; disposing of what is returned gives it back.</summary>
    public Use Take(Via via)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(via, out var entry))
            {
                _entries.Add(via, entry = new Entry(via, new Line(dial, via)));
                DropWhatRestedLongest(entry);
            }
            entry.Users++;
            entry.LastUse = ++_uses;
            return new Use(this, entry);
        }
    }

    /// <summary>Drops every line that is not wanted any more. An exchange under way ends on it.</summary>
    public void Keep(IReadOnlySet<Via> wanted)
    {
        lock (_gate)
        {
            foreach (var (via, _) in _entries.Where(each => !wanted.Contains(each.Key)).ToArray())
                Drop(via);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Keep(new HashSet<Via>());

    // The following are called under the gate.
    private void DropWhatRestedLongest(Entry added)
    {
        if (_entries.Count <= Most)
            return;
        var resting = _entries.Where(each => each.Value.Users == 0 && each.Value != added).ToArray();
        if (resting.Length > 0)
            Drop(resting.MinBy(each => each.Value.LastUse).Key);
    }

    private void Drop(Via via)
    {
        _entries.Remove(via, out var entry);
        entry!.IsDropped = true;
        if (entry.Users == 0)
            entry.Line.Dispose();
    }

    private void GiveBack(Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
                return;
            if (entry.IsDropped)
                entry.Line.Dispose();
            else if (_entries.Count > Most)
                Drop(entry.Via);
        }
    }

    /// <summary>One exchange's hold on a line.</summary>
    internal readonly struct Use(Lines lines, Entry entry) : IDisposable
    {
        public Line Line => entry.Line;

        public void Dispose() => lines.GiveBack(entry);
    }

    /// <summary>A line and who uses it.</summary>
    internal sealed class Entry(Via via, Line line)
    {
        public Via Via { get; } = via;

        public Line Line { get; } = line;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public bool IsDropped { get; set; }
    }
}
