using Benchmarks.Receive;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Standard;

namespace Benchmarks.Deliver;

/// <summary>A change log without a host behind it: what is measured is the plugin. All changes are of one record, as its editor would make them.</summary>
/// <param name="padding">The length of the record's description, which makes messages as long as they are to be.</param>
/// <param name="isMarked">Whether each change carries its sequence as a mark, by which the receiver tells when it came.</param>
internal sealed class MemoryChangeLog(int padding, bool isMarked = false) : IChangeLog
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Lock _gate = new();
    private readonly RecordSnapshot _record = NewRecord(padding);
    private long _last;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Adds changes, all at once.</summary>
    public void Append(int count)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _last += count;
            waiting = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    public Task<IReadOnlyList<Change>> ReadAfterAsync(long position, int limit, CancellationToken cancellationToken)
    {
        long last;
        lock (_gate)
            last = _last;
        var count = (int)Math.Min(limit, last - position);
        return Task.FromResult<IReadOnlyList<Change>>([.. Enumerable.Range(1, Math.Max(count, 0)).Select(i => NewChange(position + i))]);
    }

    public Task WaitForMoreAsync(long position, CancellationToken cancellationToken)
    {
        lock (_gate)
            return _last > position ? Task.CompletedTask : _more.Task.WaitAsync(cancellationToken);
    }

    public Task<long> GetLastPositionAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_last);
    }

    public Task<long> GetFirstPositionAsync(CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<ChangeStretch> FindStretchAsync(DateTimeOffset? from, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(new ChangeStretch(Sequence(from, 0), Math.Max(Sequence(from, 0), Sequence(before, _last))));

        // One millisecond lies between two changes.
        long Sequence(DateTimeOffset? at, long otherwise) => at is null ? otherwise : Math.Clamp((long)(at.Value - Start).TotalMilliseconds - 1, 0, _last);
    }

    /// <summary>The change with a sequence. The same sequence gives the same change.</summary>
    public Change NewChange(long sequence)
    {
        var occurredAt = Start.AddMilliseconds(sequence);
        return new Change
        {
            Sequence = sequence,
            Id = new Guid((int)(sequence >> 32), (short)(sequence >> 16), 0x7000, BitConverter.GetBytes(sequence)),
            Kind = ChangeKind.MetadataChanged,
            OccurredAt = occurredAt,
            Actor = new Actor("bench"),
            Via = ChangeOrigin.Api,
            Record = _record,
            ChangedFields = [new ChangedField("location", ["Port Maris"], [isMarked ? Arrivals.MarkFor((int)sequence) : "Outer mole"])],
        };
    }

    /// <summary>A log whose changes make messages of about that many bytes in the standard dialect.</summary>
    public static MemoryChangeLog ForMessagesOf(int bytes, Uri baseUri, bool isMarked = false)
    {
        var shortest = StandardPayload.Write(new MemoryChangeLog(0, isMarked).NewChange(1_000_000), baseUri).Length;
        return new MemoryChangeLog(Math.Max(0, bytes - shortest), isMarked);
    }

    private static RecordSnapshot NewRecord(int padding) => new()
    {
        Id = 4711,
        Pid = "rec-4711",
        Type = "document",
        Title = "Minutes",
        Language = "en",
        Owner = "bench",
        Version = 2,
        CreatedAt = Start,
        CreatedBy = "bench",
        ModifiedAt = Start,
        ModifiedBy = "bench",
        Fields =
        [
            new FieldSnapshot { Name = "title", Values = ["Minutes"] },
            new FieldSnapshot { Name = "description", Values = [new string('m', padding)] },
            new FieldSnapshot { Name = "location", Values = ["Outer mole"] },
        ],
    };
}
