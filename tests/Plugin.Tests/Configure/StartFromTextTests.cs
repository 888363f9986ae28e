using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests.Configure;

public sealed class StartFromTextTests
{
    [Theory]
    [InlineData("now", true)]
    [InlineData("Beginning", true)]
    [InlineData("2026-03-01", true)]
    [InlineData("2026-03-01T12:00:00.5Z", true)]
    [InlineData("2026-03-01 12:00", true)]
    [InlineData("yesterday", false)]
    [InlineData("01.03.2026", false)]
    public void Words_and_iso_times_are_understood(string text, bool isKnown) => Assert.Equal(isKnown, StartFrom.Parse(text) is not null);
}
