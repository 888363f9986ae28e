using System.Text;
using Plugin.ApiWebhooks.Buttons;

namespace Plugin.Tests.Buttons;

public sealed class AnswerMessageTests
{
    [Theory]
    [InlineData("text/plain", "12 fields fetched", "12 fields fetched")]
    [InlineData("text/plain; charset=utf-8", " two\r\n lines\t ", "two lines")]
    [InlineData("application/json", """{"ok":true,"message":"Done."}""", "Done.")]
    [InlineData("application/problem+json", """{"message":"No such number"}""", "No such number")]
    [InlineData("application/json", """{"message":5}""", null)]
    [InlineData("application/json", """["message"]""", null)]
    [InlineData("application/json", """{"message":"cut""", null)]
    [InlineData("application/json", """{"message":"\uD800"}""", null)]
    [InlineData("application/json", "not json", null)]
    [InlineData("text/html", "<b>12 fields</b>", null)]
    [InlineData("", "text", null)]
    [InlineData(null, "text", null)]
    [InlineData("no media type at all;;", "text", null)]
    [InlineData("text/plain", "", null)]
    [InlineData("text/plain", " \r\n ", null)]
    // Control characters, a terminal's escape, and what turns the reading direction.
    [InlineData("text/plain", "a\u0000b\u001b[31mc\u202Ed\u2066e\uFEFFf", "ab[31mcdef")]
    // Markup stays text: who shows it encodes it.
    [InlineData("text/plain", "<script>alert(1)</script>", "<script>alert(1)</script>")]
    public void The_targets_own_words_are_found_and_made_harmless(string? type, string answer, string? expected) =>
        Assert.Equal(expected, AnswerMessage.Find(type, Encoding.UTF8.GetBytes(answer)));

    [Fact]
    public void A_long_message_is_cut_and_marked()
    {
        var message = AnswerMessage.Find("text/plain", Encoding.UTF8.GetBytes(new string('x', 20_000)))!;
        Assert.Equal(AnswerMessage.MaxLength, message.Length);
        Assert.EndsWith("x…", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_character_is_cut_in_half()
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var message = AnswerMessage.Find("text/plain", Encoding.UTF8.GetBytes(new string('a', shift) + string.Concat(Enumerable.Repeat("🎨", 400))))!;
            Assert.InRange(message.Length, AnswerMessage.MaxLength - 2, AnswerMessage.MaxLength);
            Assert.Equal(message, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message)));
        }
    }

    [Fact]
    public void Latin_1_is_read_when_the_target_says_so() =>
        Assert.Equal("Größe", AnswerMessage.Find("text/plain; charset=ISO-8859-1", Encoding.Latin1.GetBytes("Größe")));
}
