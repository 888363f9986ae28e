using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// The method and the header lines of a request as they are kept: secrets are stars, and a line that is a name alone stands for what message and attempt tell
/// themselves (<see cref="FromElsewhere"/>), so that all attempts by one way have one text.
/// </summary>
internal sealed class RequestHead
{
    /// <summary>What stands for a secret.</summary>
    public const string Stars = "***";

    /// <summary>The lines whose values are kept elsewhere.</summary>
    public static readonly IReadOnlyList<string> FromElsewhere = ["Host", StandardSignature.IdHeader, StandardSignature.TimestampHeader, "Content-Type", "Content-Length"];

    private RequestHead(string text, long? id) => (Text, Id) = (text, id);

    /// <summary>The method, and below it the lines.</summary>
    public string Text { get; }

    /// <summary>Names a text that many attempts have, so that it is stored once; null for one that is an attempt's own. Made of the text: the same text has the same.</summary>
    public long? Id { get; }

    /// <summary>A head that many attempts have.</summary>
    /// <param name="method">The method.</param>
    /// <param name="lines">The lines, as <see cref="Line"/> makes them.</param>
    public static RequestHead Shared(string method, IEnumerable<string> lines)
    {
        var text = TextOf(method, lines);
        return new RequestHead(text, BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    /// <summary>A head that one attempt has.</summary>
    public static RequestHead Own(string method, IEnumerable<string> lines) => new(TextOf(method, lines), null);

    /// <summary>The same with one more line, before those of the content.</summary>
    public RequestHead With(string line)
    {
        var content = Text.IndexOf("\nContent-Type", StringComparison.Ordinal);
        return new RequestHead(content < 0 ? $"{Text}\n{line}" : Text.Insert(content, "\n" + line), null);
    }

    /// <summary>A line.</summary>
    public static string Line(string name, string value) => $"{name}: {value}";

    private static string TextOf(string method, IEnumerable<string> lines) => string.Join('\n', lines.Prepend(method));
}
