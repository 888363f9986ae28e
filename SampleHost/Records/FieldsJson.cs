using System.Text.Json;
using System.Text.Json.Serialization;

namespace SampleHost.Records;

/// <summary>How field values are stored in the records table.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(Dictionary<string, IReadOnlyList<string>>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<long>))]
internal sealed partial class FieldsJson : JsonSerializerContext
{
    public static string Write(IReadOnlyDictionary<string, IReadOnlyList<string>> fields) =>
        JsonSerializer.Serialize(new Dictionary<string, IReadOnlyList<string>>(fields), Default.DictionaryStringIReadOnlyListString);

    public static Dictionary<string, IReadOnlyList<string>> Read(string json) =>
        JsonSerializer.Deserialize(json, Default.DictionaryStringIReadOnlyListString) ?? [];
}
