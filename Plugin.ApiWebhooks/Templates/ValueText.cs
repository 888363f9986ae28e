using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// Writes a value where a template names it. As a text, a JSON text is its characters, null is nothing, and everything else is its JSON.
/// </summary>
internal static class ValueText
{
    /// <summary>A value as a text.</summary>
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)),
    };

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="escape">Where it stands.</param>
    /// <param name="output">Takes UTF-8.</param>
    public static void Write(JsonElement value, Escape escape, IBufferWriter<byte> output)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (escape == Escape.JsonValue)
            output.Write(raw);
        else if (escape == Escape.JsonText && value.ValueKind == JsonValueKind.String)
            // It stood in quotes, and will again.
            output.Write(raw[1..^1]);
        else if (value.ValueKind == JsonValueKind.String)
            WriteCharacters(raw, escape, output);
        else if (value.ValueKind != JsonValueKind.Null)
            WriteEscaped(raw, escape, output);
    }

    /// <summary>Writes what stands for a value that is not there.</summary>
    public static void WriteMissing(Escape escape, IBufferWriter<byte> output)
    {
        if (escape == Escape.JsonValue)
            output.Write("null"u8);
    }

    private static void WriteCharacters(ReadOnlySpan<byte> quoted, Escape escape, IBufferWriter<byte> output)
    {
        if (!quoted.Contains((byte)'\\'))
        {
            WriteEscaped(quoted[1..^1], escape, output);
            return;
        }
        var rented = ArrayPool<byte>.Shared.Rent(quoted.Length);
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        var length = reader.CopyString(rented);
        WriteEscaped(rented.AsSpan(0, length), escape, output);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void WriteEscaped(ReadOnlySpan<byte> text, Escape escape, IBufferWriter<byte> output)
    {
        switch (escape)
        {
            case Escape.JsonText:
                WriteJsonText(text, output);
                break;
            case Escape.Xml:
                XmlText.Write(text, output);
                break;
            case Escape.XmlCdata:
                XmlText.WriteCdata(text, output);
                break;
            case Escape.Percent:
                WritePercent(text, output);
                break;
            case Escape.Plain:
                output.Write(text);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(escape), escape, null);
        }
    }

    private static void WriteJsonText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var status = OperationStatus.DestinationTooSmall;
        while (status == OperationStatus.DestinationTooSmall)
        {
            var room = output.GetSpan(Math.Max(64, text.Length));
            status = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, room, out var read, out var written);
            output.Advance(written);
            text = text[read..];
        }
    }

    // RFC 3986: everything but the unreserved characters.
    private static void WritePercent(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var room = output.GetSpan(text.Length * 3);
        var written = 0;
        foreach (var b in text)
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
            {
                room[written++] = b;
                continue;
            }
            room[written++] = (byte)'%';
            room[written++] = (byte)Hex(b >> 4);
            room[written++] = (byte)Hex(b & 15);
        }
        output.Advance(written);
    }

    private static char Hex(int digit) => (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
