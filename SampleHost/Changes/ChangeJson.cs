using System.Text.Json.Serialization;
using Dam.Hosting;

namespace SampleHost.Changes;

/// <summary>How a change is written into the log. Property names are part of the stored format: never rename one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Change))]
[JsonSerializable(typeof(IReadOnlyList<Change>))]
internal sealed partial class ChangeJson : JsonSerializerContext;
