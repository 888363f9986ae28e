using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// The credentials that go out with a message. Receivers repeat them ("invalid token …"), and what they answer is kept, logged and shown: there they are starred.
/// </summary>
internal sealed class KnownSecrets
{
    // Shorter ones are no credentials, and stars all over an answer would make it unreadable.
    private const int Shortest = 6;

    private const string Stars = "***";

    // A value of so many letters and digits is taken for a credential, whatever its name.
    private const int RandomLength = 16;

    private static readonly string[] TellingNames = ["auth", "token", "key", "secret", "pass", "pwd", "cookie", "credential", "sig", "code"];

    private readonly string[] _texts;
    private readonly byte[][] _bytes;

    private KnownSecrets(IEnumerable<string> texts)
    {
        // The longest first: one may be a part of another.
        _texts = [.. texts.Where(text => text.Length >= Shortest).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];
        _bytes = [.. _texts.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>Collects the credentials of a way.</summary>
    /// <param name="url">The address: its user info, and those values of its query.</param>
    /// <param name="headers">The headers that the settings add; those whose name or value looks like a credential.</param>
    /// <param name="via">The way: the proxy's credential.</param>
    /// <returns>Null when there are none.</returns>
    public static KnownSecrets? Of(string url, IEnumerable<KeyValuePair<string, string>> headers, Via? via)
    {
        var found = new List<string>();
        foreach (var (_, value) in headers.Where(header => IsCredential(header.Key, header.Value)))
        {
            found.Add(value);
            // Of "Bearer abc" also the second word.
            found.Add(value[(value.LastIndexOf(' ') + 1)..]);
        }
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri))
            AddOf(uri, found);
        if (via?.Proxy?.Credential is { } credential)
            found.Add(credential.Password);
        var secrets = new KnownSecrets(found);
        return secrets._texts.Length > 0 ? secrets : null;
    }

    /// <summary>The result with stars where a credential was repeated.</summary>
    public AttemptResult Star(AttemptResult result)
    {
        var (answer, detail, reason, location) = (Star(result.Answer, result.AnswerTruncated), Star(result.Detail), Star(result.ReasonPhrase), Star(result.Location));
        var head = Star(result.AnswerHead);
        return answer.Equals(result.Answer) && detail == result.Detail && reason == result.ReasonPhrase && location == result.Location && ReferenceEquals(head, result.AnswerHead)
            ? result
            : result with { Answer = answer, Detail = detail, ReasonPhrase = reason, Location = location, AnswerHead = head };
    }

    // Ordinary words must stay what they are: "type=document" is not to make stars of every document in an answer that people read.
    private static bool IsCredential(string name, string value) =>
        TellingNames.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        || (value.Length >= RandomLength && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter) && !value.Contains(' ', StringComparison.Ordinal));

    private static void AddOf(Uri uri, List<string> found)
    {
        if (uri.UserInfo.Length > 0)
        {
            var userInfo = Uri.UnescapeDataString(uri.UserInfo);
            found.Add(userInfo);
            found.Add(userInfo[(userInfo.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            found.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(userInfo)));
        }
        foreach (var pair in uri.Query.TrimStart('?').Split('&'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal) + 1;
            if (!IsCredential(pair[..at], pair[at..]))
                continue;
            found.Add(pair[at..]);
            found.Add(Uri.UnescapeDataString(pair[at..]));
        }
    }

    /// <summary>A text with stars where a credential stands in it.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Star(string? text)
    {
        if (text is null)
            return null;
        foreach (var secret in _texts)
            text = text.Replace(secret, Stars, StringComparison.Ordinal);
        return text;
    }

    private ReadOnlyMemory<byte> Star(ReadOnlyMemory<byte> answer, bool isCut)
    {
        if (answer.IsEmpty)
            return answer;
        foreach (var secret in _bytes)
        {
            for (var at = answer.Span.IndexOf(secret); at >= 0; at = answer.Span.IndexOf(secret))
                answer = (byte[])[.. answer.Span[..at], .. "***"u8, .. answer.Span[(at + secret.Length)..]];
            // Where reading stopped, one may have begun.
            for (var length = Math.Min(secret.Length - 1, answer.Length); isCut && length >= Shortest; length--)
            {
                if (answer.Span.EndsWith(secret.AsSpan(0, length)))
                    answer = (byte[])[.. answer.Span[..^length], .. "***"u8];
            }
        }
        return answer;
    }
}
