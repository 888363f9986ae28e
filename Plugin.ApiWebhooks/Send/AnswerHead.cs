using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;

namespace Plugin.ApiWebhooks.Send;

/// <summary>The header lines of an answer as they are kept.</summary>
internal static class AnswerHead
{
    /// <summary>The longest text that is kept; what goes beyond is left out, and a last line "…" says so.</summary>
    public const int MostCharacters = 4096;

    [ThreadStatic]
    private static StringBuilder? _builder;

    /// <summary>The lines in the order in which they came; cookies are stars.</summary>
    public static string? Of(HttpResponseMessage response)
    {
        var text = _builder ??= new StringBuilder(256);
        text.Clear();
        var isWhole = Add(text, response.Headers) && Add(text, response.Content.Headers);
        if (!isWhole)
            text.Append("…\n");
        return text.Length == 0 ? null : text.ToString(0, text.Length - 1);
    }

    private static bool Add(StringBuilder text, HttpHeaders headers)
    {
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                var shown = IsCookie(name) ? RequestHead.Stars : value;
                if (text.Length + name.Length + shown.Length + 3 > MostCharacters)
                    return false;
                text.Append(name).Append(": ").Append(shown).Append('\n');
            }
        }
        return true;
    }

    private static bool IsCookie(string name) =>
        name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) || name.Equals("Set-Cookie2", StringComparison.OrdinalIgnoreCase);
}
