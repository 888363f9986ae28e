using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Interop.Tests;

/// <summary>Sends a request byte for byte as a client writes it: its headers, in its order and its spelling, and nothing else.</summary>
public static class RawCall
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends a request on a connection of its own.</summary>
    /// <param name="site">Whom to call.</param>
    /// <param name="head">
    /// The request line and the headers, one a line, <c>{host}</c> standing for the site's host and port. Line ends become CR LF; <c>Content-Length</c> is added when
    /// there is a body and none is written.
    /// </param>
    /// <param name="body">The body, sent as UTF-8.</param>
    public static async Task<RawAnswer> SendAsync(Uri site, string head, string? body = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(site.Host, site.Port, patience.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Compose(site, head, body), patience.Token);
        return await RawAnswer.ReadAsync(stream, isHead: head.StartsWith("HEAD ", StringComparison.Ordinal), patience.Token);
    }

    private static byte[] Compose(Uri site, string head, string? body)
    {
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body);
        var lines = head.Replace("{host}", site.Authority, StringComparison.Ordinal).ReplaceLineEndings("\r\n").TrimEnd('\r', '\n');
        if (body is not null && !lines.Contains("\r\nContent-Length:", StringComparison.OrdinalIgnoreCase))
            lines += $"\r\nContent-Length: {bytes.Length.ToString(CultureInfo.InvariantCulture)}";
        return [.. Encoding.UTF8.GetBytes(lines + "\r\n\r\n"), .. bytes];
    }
}

/// <summary>An answer as it came.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers as written.</param>
/// <param name="Body">The body, put together where it came in chunks.</param>
public sealed record RawAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    /// <summary>A header's value; null when it did not come.</summary>
    public string? Header(string name) => Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    /// <summary>Asserts the status; a failure shows the body.</summary>
    public RawAnswer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    internal static async Task<RawAnswer> ReadAsync(Stream stream, bool isHead, CancellationToken cancellationToken)
    {
        using var reader = new ByteReader(stream);
        var status = int.Parse((await reader.LineAsync(cancellationToken)).Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new List<KeyValuePair<string, string>>();
        while (await reader.LineAsync(cancellationToken) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(KeyValuePair.Create(line[..colon], line[(colon + 1)..].Trim()));
        }
        var answer = new RawAnswer(status, headers, []);
        return isHead || status is 204 or 304 ? answer : answer with { Body = await answer.ReadBodyAsync(reader, cancellationToken) };
    }

    private async Task<byte[]> ReadBodyAsync(ByteReader reader, CancellationToken cancellationToken)
    {
        if (Header("Content-Length") is { } length)
            return await reader.ExactlyAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        if (Header("Transfer-Encoding") != "chunked")
            return await reader.RestAsync(cancellationToken);
        using var body = new MemoryStream();
        while (int.Parse(await reader.LineAsync(cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size and > 0)
        {
            body.Write(await reader.ExactlyAsync(size, cancellationToken));
            await reader.LineAsync(cancellationToken);
        }
        return body.ToArray();
    }

    private sealed class ByteReader(Stream stream) : IDisposable
    {
        private readonly BufferedStream _buffered = new(stream);

        public async Task<string> LineAsync(CancellationToken cancellationToken)
        {
            var line = new List<byte>();
            while (line is not [.., (byte)'\r', (byte)'\n'])
                line.Add((await ExactlyAsync(1, cancellationToken))[0]);
            return Encoding.Latin1.GetString([.. line[..^2]]);
        }

        public async Task<byte[]> ExactlyAsync(int count, CancellationToken cancellationToken)
        {
            var bytes = new byte[count];
            await _buffered.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }

        public async Task<byte[]> RestAsync(CancellationToken cancellationToken)
        {
            using var rest = new MemoryStream();
            await _buffered.CopyToAsync(rest, cancellationToken);
            return rest.ToArray();
        }

        public void Dispose() => _buffered.Dispose();
    }
}
