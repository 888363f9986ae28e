using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Describes the management API as OpenAPI 3.1. Made by hand of <see cref="ApiOperations"/> and of the types that are answered: the framework's own description
/// keeps the types of handlers in static caches, and the plugin could never be unloaded.
/// </summary>
internal static partial class ApiDocument
{
    private const string Name = "API Webhooks";

    private static readonly JsonSchemaExporterOptions Schemas = new() { TreatNullObliviousAsNonNullable = true };

    /// <summary>Makes the document.</summary>
    /// <param name="baseUri">The host's address.</param>
    public static JsonObject Make(Uri baseUri)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        foreach (var group in ApiOperations.All.GroupBy(operation => operation.Path))
            paths[ManagementApi.Root + group.Key] = new JsonObject(group.Select(operation => KeyValuePair.Create(operation.Method, (JsonNode?)Describe(operation, schemas))));
        NameSchema(ApiJson.Default.Problem, schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = Name,
                ["version"] = "1",
                ["description"] = "For administrators. Programs send an API key; a request that is signed in by cookie and changes something carries the page's antiforgery token in the header RequestVerificationToken.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = baseUri.AbsoluteUri.TrimEnd('/') }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["key"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["key"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key" },
                },
                ["schemas"] = schemas,
            },
        };
    }

    private static JsonObject Describe(ApiOperation operation, JsonObject schemas)
    {
        var described = new JsonObject
        {
            ["operationId"] = IdOf(operation),
            ["summary"] = operation.Summary,
            ["tags"] = new JsonArray(operation.Path.Split('/')[1].Replace(".json", "", StringComparison.Ordinal)),
        };
        if (Parameters(operation) is { Count: > 0 } parameters)
            described["parameters"] = parameters;
        if (operation.Body is { } body)
            described["requestBody"] = new JsonObject { ["required"] = operation.NeedsBody, ["content"] = Content("application/json", JsonNode.Parse(body)!) };
        described["responses"] = Responses(operation, schemas);
        return described;
    }

    private static JsonArray Parameters(ApiOperation operation) =>
    [
        .. InBraces().Matches(operation.Path).Select(match => Parameter(match.Groups[1].Value, "path", "string", null)),
        .. operation.Query.Select(each => Parameter(each.Name, "query", each.Type, each.Meaning)),
        .. operation.IsVersioned && operation.Method != "get" ? [Parameter("If-Match", "header", "string", "The ETag of the version that is to be changed; without it whatever was saved last.")] : Array.Empty<JsonObject>(),
    ];

    private static JsonObject Parameter(string name, string place, string type, string? meaning)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = new JsonObject { ["type"] = type } };
        if (meaning is not null)
            parameter["description"] = meaning;
        return parameter;
    }

    private static JsonObject Responses(ApiOperation operation, JsonObject schemas)
    {
        var success = new JsonObject { ["description"] = operation.Status == 204 ? "Done." : "What was asked for." };
        if (operation.Result is { } type)
            success["content"] = Content("application/json", NameSchema(type, schemas));
        if (operation.IsVersioned && operation.Status != 204)
            success["headers"] = new JsonObject { ["ETag"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } };
        var responses = new JsonObject { [Text(operation.Status)] = success };
        List<(int Status, string Meaning)> refusals =
            [(400, "The request is not understood."), (401, "Nobody is signed in."), (403, "The role is missing."), (404, "There is none, or none that the caller sees."), .. operation.Refusals];
        foreach (var (status, meaning) in refusals)
            responses[Text(status)] = new JsonObject { ["description"] = meaning, ["content"] = Content("application/problem+json", NameSchema(ApiJson.Default.Problem, schemas)) };
        return responses;
    }

    private static JsonObject Content(string type, JsonNode schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject NameSchema(JsonTypeInfo type, JsonObject schemas)
    {
        var place = $"#/components/schemas/{type.Type.Name}";
        if (!schemas.ContainsKey(type.Type.Name))
        {
            var schema = type.GetJsonSchemaAsNode(Schemas);
            Move(schema, place);
            schemas[type.Type.Name] = schema;
        }
        return new JsonObject { ["$ref"] = place };
    }

    // A type that occurs again refers to where it stood first, counted from the schema's own root.
    private static void Move(JsonNode? schema, string place)
    {
        if (schema is JsonArray items)
        {
            foreach (var item in items)
                Move(item, place);
        }
        else if (schema is JsonObject members)
        {
            if (members["$ref"] is JsonValue reference)
                members["$ref"] = place + reference.GetValue<string>()[1..];
            foreach (var (_, value) in members)
                Move(value, place);
        }
    }

    private static string IdOf(ApiOperation operation) =>
        operation.Method + string.Concat(Words().Matches(operation.Path).Select(match => char.ToUpperInvariant(match.Value[0]) + match.Value[1..]));

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InBraces();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
