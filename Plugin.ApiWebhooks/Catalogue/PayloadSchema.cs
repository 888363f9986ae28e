using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Plugin.ApiWebhooks.Catalogue;

/// <summary>Makes JSON Schemas (draft 2020-12) of the generated types of bodies.</summary>
/// <remarks>
/// What a type says: a member is required unless it is nullable and left out when null; <see cref="DescriptionAttribute"/> and
/// <see cref="AllowedValuesAttribute"/> become <c>description</c> and <c>enum</c>. The schema stays open: a later version may add keys.
/// </remarks>
internal static class PayloadSchema
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>The schema of an event's body.</summary>
    public static JsonObject Of(EventDescription description)
    {
        var schema = description.PayloadType?.GetJsonSchemaAsNode(Options) as JsonObject ?? new JsonObject { ["type"] = "object" };
        description.CompleteSchema?.Invoke(schema);
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = description.Name,
            ["description"] = description.Description,
        };
        foreach (var (key, value) in schema.ToArray())
        {
            schema.Remove(key);
            whole[key] = value;
        }
        return whole;
    }

    /// <summary>Says that a member always has one value.</summary>
    public static void SetConstant(JsonObject schema, string member, string value) => schema["properties"]!.AsObject()[member] = new JsonObject { ["const"] = value };

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        if (context.PropertyInfo is { } property)
            DescribeMember(property, schema);
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
            NameRequired(context.TypeInfo, schema);
        return schema;
    }

    private static void DescribeMember(JsonPropertyInfo property, JsonObject schema)
    {
        if (IsLeftOutWhenNull(property) && schema["type"] is JsonArray types)
            schema["type"] = types.First(type => type!.GetValue<string>() != "null")!.DeepClone();
        if (property.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true) is [AllowedValuesAttribute allowed, ..])
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => (JsonNode)value!.ToString()!)]);
        if (property.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute description, ..])
            schema["description"] = description.Description;
    }

    private static void NameRequired(JsonTypeInfo type, JsonObject schema)
    {
        var required = type.Properties
            .Where(property => property.Get is not null && !property.IsExtensionData && !IsLeftOutWhenNull(property))
            .Select(property => (JsonNode)property.Name).ToArray();
        schema.Remove("required");
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
    }

    private static bool IsLeftOutWhenNull(JsonPropertyInfo property)
    {
        if (property is not { IsRequired: false, IsGetNullable: true } && Nullable.GetUnderlyingType(property.PropertyType) is null)
            return false;
        return property.Options.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingNull
            || property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }, ..];
    }
}
