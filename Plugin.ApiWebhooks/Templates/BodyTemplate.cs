using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>A piece of a body: bytes, or a value to be found and how it is written.</summary>
internal readonly record struct Segment(byte[]? Literal, Pointer? Pointer, Escape Escape);

/// <summary>
/// A body with holes, ready to be filled: what was a text or a JSON object when it was saved is bytes and values to be found. What is filled in is never read again.
/// </summary>
internal sealed class BodyTemplate
{
    // A buffer that one huge body made large is let go.
    private const int MostKept = 256 * 1024;

    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> Idle = [];

    private readonly Segment[] _segments;
    private readonly bool _mustBeJson;

    private BodyTemplate(Segment[] segments, bool mustBeJson)
    {
        _segments = segments;
        _mustBeJson = mustBeJson;
    }

    /// <summary>The pointers it asks for, each once, in their order.</summary>
    public IReadOnlyList<string> Expressions => [.. _segments.Select(segment => segment.Pointer?.Text).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Makes a body of pieces.</summary>
    /// <param name="segments">The pieces.</param>
    /// <param name="mustBeJson">Whether each result must be read to know that it is JSON.</param>
    public static BodyTemplate Of(IEnumerable<Segment> segments, bool mustBeJson = false) => new([.. segments], mustBeJson);

    /// <summary>The body of a change.</summary>
    /// <param name="scope">What the expressions may name.</param>
    /// <param name="mostBytes">The longest body.</param>
    /// <exception cref="RenderException">The body is too long, or is no JSON where it must be.</exception>
    public ReadOnlyMemory<byte> Render(TemplateScope scope, int mostBytes = TemplateLimits.OutputBytes)
    {
        if (!Idle.TryTake(out var buffer))
            buffer = new ArrayBufferWriter<byte>(4096);
        foreach (ref readonly var segment in _segments.AsSpan())
        {
            Write(segment, scope, buffer);
            if (buffer.WrittenCount > mostBytes)
                throw TooLong(mostBytes);
        }
        if (_mustBeJson)
            CheckJson(buffer.WrittenSpan);
        var body = buffer.WrittenSpan.ToArray();
        // One that threw half-way is not used again.
        if (buffer.Capacity <= MostKept)
        {
            buffer.ResetWrittenCount();
            Idle.Add(buffer);
        }
        return body;
    }

    private static void Write(in Segment segment, TemplateScope scope, ArrayBufferWriter<byte> buffer)
    {
        if (segment.Literal is not null)
            buffer.Write(segment.Literal);
        else if (segment.Pointer!.TryResolve(scope, out var value))
            ValueText.Write(value, segment.Escape, buffer);
        else
            ValueText.WriteMissing(segment.Escape, buffer);
    }

    private static void CheckJson(ReadOnlySpan<byte> body)
    {
        if (JsonShape.FindError(body) is { } error)
            throw new RenderException(
                $"The body made of the template is no JSON: {error} Put expressions that are texts into quotes, or give the hook a header content-type that says what the body is.");
    }

    private static RenderException TooLong(int mostBytes) => new(string.Create(
        CultureInfo.InvariantCulture, $"The body made of the template is longer than {mostBytes} bytes. Name fewer or smaller values in it."));
}

/// <summary>Reads bytes to see whether they are JSON.</summary>
internal static class JsonShape
{
    /// <summary>What is wrong, in the words of the reader, or null. The bytes themselves are not repeated.</summary>
    public static string? FindError(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = TemplateLimits.ReadDepth });
        try
        {
            while (reader.Read())
            {
            }
            return null;
        }
        catch (JsonException exception)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"it ends or goes wrong in line {exception.LineNumber + 1} at byte {exception.BytePositionInLine + 1}.");
        }
    }
}
