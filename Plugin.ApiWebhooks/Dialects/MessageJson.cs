using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Plugin.ApiWebhooks.Dialects;

/// <summary>Writes JSON bodies. The buffers are used again, so that a message costs the memory of its bytes and no more.</summary>
internal static class MessageJson
{
    // A buffer that one huge record made large is let go.
    private const int MostKept = 1024 * 1024;

    // The body is JSON and nothing else, never pasted into a page: letters of all scripts stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly ConcurrentBag<(ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)> Idle = [];

    /// <summary>The bytes of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">How it is written, by a generated context.</param>
    public static ReadOnlyMemory<byte> Write<T>(T value, JsonTypeInfo<T> type) => Write(json => JsonSerializer.Serialize(json, value, type));

    /// <summary>The bytes of what a function writes.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        if (!Idle.TryTake(out var taken))
        {
            var buffer = new ArrayBufferWriter<byte>(4096);
            taken = (buffer, new Utf8JsonWriter(buffer, Options));
        }
        write(taken.Json);
        taken.Json.Flush();
        var bytes = taken.Buffer.WrittenSpan.ToArray();
        // One that threw half-way is not used again.
        if (taken.Buffer.Capacity <= MostKept)
        {
            taken.Buffer.ResetWrittenCount();
            taken.Json.Reset();
            Idle.Add(taken);
        }
        return bytes;
    }
}
