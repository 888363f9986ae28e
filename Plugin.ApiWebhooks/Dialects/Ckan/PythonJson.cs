using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>
/// Writes JSON as Python's <c>json.dumps</c> does: ASCII alone, other characters as <c>\u</c> with lower-case digits, a space after each colon and comma.
/// Receivers and clients of CKAN have never seen another, and some read it with more than a parser.
/// </summary>
internal static class PythonJson
{
    // A two-byte character becomes six bytes, a four-byte one twelve, a comma two.
    private const int MostGrowth = 3;

    /// <summary>The bytes of a value.</summary>
    public static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type) => Respell(MessageJson.Write(value, type).Span);

    /// <summary>The bytes of what a function writes.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write) => Respell(MessageJson.Write(write).Span);

    private static byte[] Respell(ReadOnlySpan<byte> json)
    {
        var spelt = ArrayPool<byte>.Shared.Rent(json.Length * MostGrowth);
        var (at, length, isInText) = (0, 0, false);
        while (at < json.Length)
        {
            var letter = json[at];
            if (letter >= 0x80)
            {
                Rune.DecodeFromUtf8(json[at..], out var rune, out var used);
                length += Escape(rune, spelt.AsSpan(length));
                at += used;
            }
            else if (letter == '\\')
            {
                var used = json[at + 1] == 'u' ? 6 : 2;
                Ascii.ToLower(json.Slice(at, used), spelt.AsSpan(length), out _);
                length += used;
                at += used;
            }
            else
            {
                isInText ^= letter == '"';
                spelt[length++] = letter;
                if (!isInText && letter is (byte)',' or (byte)':')
                    spelt[length++] = (byte)' ';
                at++;
            }
        }
        var bytes = spelt.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(spelt);
        return bytes;
    }

    private static int Escape(Rune rune, Span<byte> to)
    {
        Span<char> units = stackalloc char[2];
        var count = rune.EncodeToUtf16(units);
        for (var i = 0; i < count; i++)
        {
            "\\u"u8.CopyTo(to[(i * 6)..]);
            Utf8Formatter.TryFormat((ushort)units[i], to[((i * 6) + 2)..], out _, new StandardFormat('x', 4));
        }
        return count * 6;
    }
}
