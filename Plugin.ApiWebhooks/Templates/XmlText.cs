using System.Buffers;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>Values in XML, and where in a template's XML a value may stand.</summary>
internal static class XmlText
{
    // What ends a run of characters that go in as they are. 0xEF begins U+FFFE and U+FFFF, which XML has not.
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'&', (byte)'<', (byte)'>', (byte)'"', (byte)'\'', 0xEF]);

    private static readonly SearchValues<byte> SpecialInCdata =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)']', (byte)'>', 0xEF]);

    /// <summary>Writes characters so that they stand for themselves, in text and in attributes. What XML cannot say becomes U+FFFD.</summary>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (text.IndexOfAny(Special) is var at and >= 0)
        {
            output.Write(text[..at]);
            var length = 1;
            output.Write(text[at] switch
            {
                (byte)'&' => "&amp;"u8,
                (byte)'<' => "&lt;"u8,
                (byte)'>' => "&gt;"u8,
                (byte)'"' => "&quot;"u8,
                (byte)'\'' => "&#39;"u8,
                // As they stand, an attribute would lose them.
                (byte)'\t' => "&#9;"u8,
                (byte)'\n' => "&#10;"u8,
                (byte)'\r' => "&#13;"u8,
                0xEF => OrReplacement(text[at..], out length),
                _ => "\uFFFD"u8,
            });
            text = text[(at + length)..];
        }
        output.Write(text);
    }

    /// <summary>
    /// Writes characters into a CDATA section. The section is ended and begun again at each character that could be a part of its end, whatever stands before or
    /// behind the value.
    /// </summary>
    public static void WriteCdata(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (text.IndexOfAny(SpecialInCdata) is var at and >= 0)
        {
            output.Write(text[..at]);
            var length = 1;
            output.Write(text[at] switch
            {
                (byte)']' => "]]]><![CDATA["u8,
                (byte)'>' => "]]><![CDATA[>"u8,
                (byte)'\t' => "\t"u8,
                (byte)'\n' => "\n"u8,
                (byte)'\r' => "\r"u8,
                0xEF => OrReplacement(text[at..], out length),
                _ => "\uFFFD"u8,
            });
            text = text[(at + length)..];
        }
        output.Write(text);
    }

    private static ReadOnlySpan<byte> OrReplacement(ReadOnlySpan<byte> text, out int length)
    {
        length = Math.Min(3, text.Length);
        return text.StartsWith("\uFFFE"u8) || text.StartsWith("\uFFFF"u8) ? "\uFFFD"u8 : text[..length];
    }
}
