using Dam.Hosting;
using SampleHost.Changes;
using SampleHost.Storage;

namespace Host.Tests.Changes;

public sealed class RecentChangesTests
{
    private readonly RecentChanges _recent = new();

    [Fact]
    public void A_reader_who_keeps_up_gets_what_follows_its_position()
    {
        Add(5, 6, 7);
        Add(8);

        Assert.Equal([5, 6, 7, 8], After(4));
        Assert.Equal([7, 8], After(6));
        Assert.Equal([6, 7], After(5, limit: 2));
    }

    [Fact]
    public void What_is_not_wholly_here_is_left_to_the_log()
    {
        Assert.Null(After(0));
        Add(5, 6);

        Assert.Null(After(3));
        Assert.Null(After(6));
        Assert.Null(After(9));
    }

    [Fact]
    public void After_a_gap_only_what_follows_it_is_known()
    {
        Add(5, 6);
        Add(9, 10);

        Assert.Null(After(6));
        Assert.Equal([9, 10], After(8));
    }

    [Fact]
    public void The_oldest_go_first_by_number_and_by_size()
    {
        Add([.. Enumerable.Range(1, RecentChanges.Most + 3).Select(i => (long)i)]);
        Assert.Null(After(2));
        Assert.Equal(RecentChanges.Most, After(3, limit: 10_000)!.Count);

        _recent.Add([new AppendedChange(New(RecentChanges.Most + 4), RecentChanges.MostBytes)]);
        Assert.Null(After(RecentChanges.Most + 2));
    }

    private void Add(params long[] sequences) => _recent.Add([.. sequences.Select(sequence => new AppendedChange(New(sequence), 1))]);

    private List<long>? After(long position, int limit = 100) => _recent.FindAfter(position, limit)?.ConvertAll(change => change.Sequence);

    private static Change New(long sequence) => new()
    {
        Sequence = sequence,
        Id = Guid.Empty,
        Kind = ChangeKind.RecordInserted,
        OccurredAt = DateTimeOffset.UnixEpoch,
        Actor = new Actor("editor"),
        Via = ChangeOrigin.Api,
    };
}
