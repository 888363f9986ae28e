using SampleHost.Storage.Copy;

namespace Host.Tests.Storage;

public sealed class RowSumTests
{
    [Fact]
    public void The_order_of_rows_does_not_count() => Assert.True(Of([1L, "a"], [2L, "b"]).Equals(Of([2, "b"], [1, "a"])));

    public static TheoryData<object?[], object?[]> Different => new()
    {
        { ["ab", "c"], ["a", "bc"] },
        { [1L], ["1"] },
        { [null], [""] },
        { [""], [Array.Empty<byte>()] },
        { [1L, 2L], [2L, 1L] },
    };

    [Theory]
    [MemberData(nameof(Different))]
    public void Rows_that_differ_have_another_checksum(object?[] one, object?[] other) => Assert.False(Of(one).Equals(Of(other)));

    [Fact]
    public void A_row_that_is_there_twice_counts_twice() => Assert.False(Of(["a"], ["a"]).Equals(Of(["b"], ["b"])));

    private static RowSum Of(params object?[][] rows)
    {
        var sum = new RowSum();
        foreach (var row in rows)
            sum.Add(row);
        return sum;
    }
}
