namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// The places for attempts, over all subscriptions. An attempt that takes long gives its place up to the next and goes on in one of the places for slow
/// ones: receivers that hang, however many, cannot take the places of those that answer. Used under the dispatcher's gate.
/// </summary>
internal sealed class Slots(TimeProvider time)
{
    /// <summary>An attempt older than this is a slow one.</summary>
    public static readonly TimeSpan SlowAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>The places for slow attempts. Each is a socket.</summary>
    public const int MostSlow = 448;

    private readonly LinkedList<Slot> _quick = new();
    private int _slow;

    /// <summary>Attempts under way.</summary>
    public int Taken => _quick.Count + _slow;

    /// <summary>Takes a place.</summary>
    /// <param name="places">The places for quick attempts.</param>
    /// <returns>The place, or null when all are taken.</returns>
    public Slot? Take(int places)
    {
        if (_quick.Count >= places)
            MoveSlow();
        if (_quick.Count >= places)
            return null;
        var slot = new Slot(time.GetTimestamp());
        slot.Node = _quick.AddLast(slot);
        return slot;
    }

    /// <summary>Gives a place back.</summary>
    public void Return(Slot slot)
    {
        if (slot.Node is { } node)
            _quick.Remove(node);
        else
            _slow--;
    }

    /// <summary>When the oldest quick attempt becomes a slow one and so frees a place; null when that would free none.</summary>
    public TimeSpan? UntilNextFree()
    {
        if (_quick.First is null || _slow >= MostSlow)
            return null;
        var wait = SlowAfter - time.GetElapsedTime(_quick.First.Value.StartedTimestamp);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private void MoveSlow()
    {
        while (_slow < MostSlow && _quick.First is { } oldest && time.GetElapsedTime(oldest.Value.StartedTimestamp) >= SlowAfter)
        {
            oldest.Value.Node = null;
            _quick.RemoveFirst();
            _slow++;
        }
    }

    /// <summary>One place.</summary>
    internal sealed class Slot(long startedTimestamp)
    {
        public long StartedTimestamp { get; } = startedTimestamp;

        /// <summary>Where it stands among the quick ones; null for a slow one.</summary>
        public LinkedListNode<Slot>? Node { get; set; }
    }
}
