using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Queue;

/// <summary>How the values of a message are stored: a JSON object of texts, null for none.</summary>
internal static class MessageValues
{
    public static string? Write(IReadOnlyDictionary<string, string>? values) =>
        values is null ? null : JsonSerializer.Serialize(values, MessageValuesJson.Default.IReadOnlyDictionaryStringString);

    public static IReadOnlyDictionary<string, string>? Read(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, MessageValuesJson.Default.IReadOnlyDictionaryStringString);
}

[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class MessageValuesJson : JsonSerializerContext;
