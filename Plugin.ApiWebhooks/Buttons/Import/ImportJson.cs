using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>A part of config.json, to be pasted there.</summary>
internal sealed record ImportedButtons(IReadOnlyList<ImportedButton> Buttons);

/// <summary>The answer of <c>POST /api/webhooks/buttons/import</c>.</summary>
internal sealed record ImportAnswer(IReadOnlyList<ImportedButton> Buttons, IReadOnlyList<ImportNote> Warnings);

/// <summary>Its refusal, as problem details (RFC 9457) with the places in the text.</summary>
internal sealed record ImportProblem(string Type, string Title, int Status, string Detail, IReadOnlyList<ImportNote> Faults);

/// <summary>How it is written. Generated: reflection would keep the plugin from being unloaded.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImportedButtons))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(ImportProblem))]
internal sealed partial class ImportJson : JsonSerializerContext
{
    /// <summary>Letters and quotes as people write them; a page encodes for itself.</summary>
    public static ImportJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });
}
