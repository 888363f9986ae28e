using System.Buffers;
using System.Globalization;
using System.Text;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>
/// Reads quoted texts as PHP does. Source: the chapter "Strings" of the PHP manual. Its texts are bytes: <c>"\xc3\xa9"</c> is the letter é.
/// </summary>
internal static class PhpText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The value of a quoted text.</summary>
    /// <param name="source">The whole text.</param>
    /// <param name="token">The quoted text in it.</param>
    /// <param name="faults">A variable inside of it is added here.</param>
    public static string Read(string source, PhpToken token, PhpNotes faults)
    {
        var inside = source.AsSpan(token.Start + 1, token.Length - 2);
        return token.Kind == PhpTokenKind.SingleQuoted ? ReadSingle(inside) : ReadDouble(inside, token.Start + 1, faults);
    }

    private static string ReadSingle(ReadOnlySpan<char> inside)
    {
        var text = new StringBuilder(inside.Length);
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == '\\' && i + 1 < inside.Length && inside[i + 1] is '\'' or '\\')
                i++;
            text.Append(inside[i]);
        }

        return text.ToString();
    }

    private static string ReadDouble(ReadOnlySpan<char> inside, int start, PhpNotes faults)
    {
        var bytes = new ArrayBufferWriter<byte>(inside.Length + 1);
        for (var i = 0; i < inside.Length;)
        {
            if (inside[i] == '\\' && i + 1 < inside.Length)
            {
                i += Escape(inside[i..], bytes, start + i, faults);
                continue;
            }

            if (IsVariable(inside[i..]))
                faults.Add(start + i, "A variable in a text cannot be filled in: nothing of the configuration is run.", "Write its value in its place, or \\$ for a dollar sign.");
            var plain = NextSpecial(inside[i..]);
            Strict.GetBytes(Replaced(inside.Slice(i, plain)), bytes);
            i += plain;
        }

        try
        {
            return Strict.GetString(bytes.WrittenSpan);
        }
        catch (DecoderFallbackException)
        {
            faults.Add(start - 1, "The bytes written in this text with \\x or as octal numbers are no UTF-8.", "Write the letters themselves, or \\u{e9} with the number of the character.");
            return "";
        }
    }

    // $name, ${name}, {$name}
    private static bool IsVariable(ReadOnlySpan<char> rest) =>
        rest is ['$', var next, ..] ? char.IsAsciiLetter(next) || next is '_' or '{' or >= '\u0080' : rest is ['{', '$', ..];

    private static int NextSpecial(ReadOnlySpan<char> rest)
    {
        // {$name} is one variable, not two.
        var start = rest is ['{', '$', ..] ? 2 : 1;
        var found = rest[start..].IndexOfAny('\\', '$', '{');
        return found < 0 ? rest.Length : start + found;
    }

    // Half a surrogate pair cannot stand in a text that was sent as UTF-8; it must not throw all the same.
    private static string Replaced(ReadOnlySpan<char> text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToArray()));

    /// <returns>How many characters the escape has.</returns>
    private static int Escape(ReadOnlySpan<char> rest, ArrayBufferWriter<byte> bytes, int offset, PhpNotes faults)
    {
        var simple = rest[1] switch
        {
            'n' => '\n', 't' => '\t', 'r' => '\r', 'v' => '\v', 'e' => '\e', 'f' => '\f', '\\' => '\\', '$' => '$', '"' => '"', _ => '\0',
        };
        if (simple != '\0')
            return Put(bytes, (byte)simple, 2);
        if (rest[1] == 'x' && Digits(rest[2..], 2, char.IsAsciiHexDigit) is > 0 and var hex)
            return Put(bytes, byte.Parse(rest.Slice(2, hex), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), 2 + hex);
        if (Digits(rest[1..], 3, c => c is >= '0' and <= '7') is > 0 and var octal)
            return Put(bytes, (byte)Convert.ToInt32(rest.Slice(1, octal).ToString(), 8), 1 + octal);
        if (rest[1] == 'u' && rest.Length > 2 && rest[2] == '{')
            return Rune(rest, bytes, offset, faults);
        // Any other backslash stands for itself.
        return Put(bytes, (byte)'\\', 1);
    }

    private static int Rune(ReadOnlySpan<char> rest, ArrayBufferWriter<byte> bytes, int offset, PhpNotes faults)
    {
        var digits = Digits(rest[3..], 8, char.IsAsciiHexDigit);
        var closed = rest.Length > 3 + digits && rest[3 + digits] == '}';
        if (digits > 0 && closed && int.TryParse(rest.Slice(3, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            && System.Text.Rune.TryCreate(number, out var rune))
        {
            Strict.GetBytes(rune.ToString(), bytes);
            return 4 + digits;
        }

        faults.Add(offset, "This is not the number of a character.", "Write \\u{e9} with the hexadecimal number of a character.");
        return 3;
    }

    private static int Put(ArrayBufferWriter<byte> bytes, byte one, int length)
    {
        bytes.Write([one]);
        return length;
    }

    private static int Digits(ReadOnlySpan<char> rest, int most, Func<char, bool> isDigit)
    {
        var count = 0;
        while (count < most && count < rest.Length && isDigit(rest[count]))
            count++;
        return count;
    }
}
