using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 6, 8, 49, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData(" 5 ", 5)]
    [InlineData("99999999999999999999", 999_999_999)]
    [InlineData("Fri, 06 Nov 2026 08:49:37 GMT", 37)]
    [InlineData("Friday, 06-Nov-26 08:49:37 GMT", 37)]
    [InlineData("Fri Nov  6 08:49:37 2026", 37)]
    [InlineData("Thu, 05 Nov 2026 08:49:37 GMT", 0)] // past: at once
    public void Reads_seconds_and_the_three_dates(string text, long secondsFromNow) =>
        Assert.Equal(Now.AddSeconds(secondsFromNow), RetryAfter.Parse(text, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("soon")]
    public void Says_nothing_of_the_rest(string? text) => Assert.Null(RetryAfter.Parse(text, Now));
}
