using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Benchmarks.Receive;

/// <summary>
/// When which message arrived. A benchmark writes marks such as <c>mark-00000042</c> into what it saves; a message that also holds the value
/// before the change holds two, and the higher one is meant.
/// </summary>
internal sealed class Arrivals
{
    private const int Digits = 8;
    private readonly ConcurrentQueue<(int Mark, long Timestamp)> _arrivals = new();

    public static string MarkFor(int number) => $"mark-{number.ToString("D8", CultureInfo.InvariantCulture)}";

    public void Add(ReadOnlySequence<byte> body, long timestamp)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        var highest = -1;
        for (var start = bytes.IndexOf("mark-"u8); start >= 0; start = bytes.IndexOf("mark-"u8))
        {
            bytes = bytes[(start + 5)..];
            if (bytes.Length >= Digits && int.TryParse(bytes[..Digits], CultureInfo.InvariantCulture, out var mark))
                highest = Math.Max(highest, mark);
        }

        if (highest >= 0)
            _arrivals.Enqueue((highest, timestamp));
    }

    /// <summary>Everything that arrived since the last call, one line each: mark, then timestamp.</summary>
    public string TakeAll()
    {
        var text = new StringBuilder();
        while (_arrivals.TryDequeue(out var arrival))
            text.Append(CultureInfo.InvariantCulture, $"{arrival.Mark} {arrival.Timestamp}\n");
        return text.ToString();
    }

    /// <summary>Reads what <see cref="TakeAll"/> wrote.</summary>
    public static IReadOnlyList<(int Mark, long Timestamp)> Read(string text)
    {
        var arrivals = new List<(int Mark, long Timestamp)>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            arrivals.Add((int.Parse(line[..space], CultureInfo.InvariantCulture), long.Parse(line[(space + 1)..], CultureInfo.InvariantCulture)));
        }

        return arrivals;
    }
}
