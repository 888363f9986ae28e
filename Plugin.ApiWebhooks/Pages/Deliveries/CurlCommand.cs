using System.Text;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>A request of an attempt as a command of curl, for a POSIX shell. Secrets are the stars that are kept of them, for whoever runs it to fill in.</summary>
internal static class CurlCommand
{
    // Linux takes no argument of more than 128 KiB.
    private const int LongestArgument = 100_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // curl writes these itself.
    private static readonly string[] OfCurl = ["Host", "Content-Length"];

    /// <summary>Writes the command.</summary>
    /// <param name="request">Method and headers.</param>
    /// <param name="url">The address.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="fileName">Where the body is to lie when it cannot stand in the command.</param>
    public static string Of(SentRequest request, string url, ReadOnlySpan<byte> body, string fileName)
    {
        // Nothing that the sender did not send: curl asks for any answer unless told not to.
        var lines = new List<string> { $"curl --globoff --http1.1 --request {Quoted(request.Method)} {Quoted(url)}", "--header 'Accept:'" };
        foreach (var (name, value) in request.Headers)
        {
            if (!OfCurl.Contains(name, StringComparer.OrdinalIgnoreCase))
                lines.Add("--header " + Quoted(value.Length == 0 ? $"{name};" : $"{name}: {value}"));
        }
        if (!body.IsEmpty || request.Method is not ("GET" or "DELETE"))
            lines.Add(Data(body, fileName));
        return string.Join(" \\\n  ", lines);
    }

    private static string Data(ReadOnlySpan<byte> body, string fileName)
    {
        if (TextOf(body) is not { } text)
            return "--data-binary " + Quoted("@" + fileName);
        // After an @ curl would look for a file.
        return (text.StartsWith('@') ? "--data-raw " : "--data-binary ") + Quoted(text);
    }

    // Null where it cannot be an argument.
    private static string? TextOf(ReadOnlySpan<byte> body)
    {
        if (body.Length > LongestArgument || body.Contains((byte)0))
            return null;
        try
        {
            return Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // Between single quotes a shell takes everything as it stands.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
