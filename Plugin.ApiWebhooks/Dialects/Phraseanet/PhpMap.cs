using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet;

/// <summary>Texts by name as PHP writes them: an object, but <c>[]</c> when there are none. Receivers written in PHP read both alike.</summary>
/// <param name="Entries">The entries, in order; names are unique.</param>
[JsonConverter(typeof(PhpMapConverter))]
internal sealed record PhpMap(IReadOnlyList<KeyValuePair<string, string>> Entries)
{
    public static PhpMap Empty { get; } = new([]);
}

/// <summary>Writes them; nobody reads them.</summary>
internal sealed class PhpMapConverter : JsonConverter<PhpMap>
{
    /// <inheritdoc/>
    public override PhpMap Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PhpMap value, JsonSerializerOptions options)
    {
        if (value.Entries.Count == 0)
        {
            writer.WriteStartArray();
            writer.WriteEndArray();
            return;
        }
        writer.WriteStartObject();
        foreach (var (name, text) in value.Entries)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}
