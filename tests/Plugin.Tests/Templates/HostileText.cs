using System.Text;

namespace Plugin.Tests.Templates;

/// <summary>Texts of which somebody might hope that they break out of where they are put. The same seed gives the same texts.</summary>
internal sealed class HostileText(Random random)
{
    private static readonly string[] Pieces =
    [
        "\"", "\\", "\\\"", "\\u0022", "\",\"evil\":true,\"", "'", "\r\nX-Evil: 1", "\n", "\r", "\t", "\0", "\u0001", "\u007F", "\u0085", "\u00A0", "\u2028", "\u2029", "\uFEFF", "\uFFFE", "\uFFFF",
        "\uD83C", "\uDF0A", "🌊", "é", "ﷺ", "e\u0301", "\u202E", "/", "//", "\\/", "/../", "..", ".", "%2e", "%2E%2e", "%2F", "%", "%00", "?", "?a=b", "&c=d", "#", "#f", "@evil.example", ":80", ";", "=", "+", " ",
        "<", ">", "&", "&lt;", "</a>", "<b/>", "]]>", "]]", "]", "<![CDATA[", "-->", "<!--", "<?x", "?>", "{", "}", "{/resource/a}", "{/event/name}", "{{", "}}", "{{resource.a}}", "\\{/", "[", "null", "true", "1e9", "word", "two words",
    ];

    /// <summary>A text of a few pieces; sometimes empty, sometimes long.</summary>
    public string Next()
    {
        var text = new StringBuilder();
        var count = random.Next(20) == 0 ? 400 : random.Next(6);
        for (var i = 0; i < count; i++)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    /// <summary>A text as JSON can say it: half a surrogate pair becomes U+FFFD.</summary>
    public static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
