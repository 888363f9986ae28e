using System.Text.Json;
using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// What the expressions of templates may name, for one change: an object with the members <c>event</c>, <c>resource</c> and <c>user</c>. It is JSON that the plugin
/// wrote; no template reaches an object of the host. Made once for a change and used by its body, address and headers.
/// </summary>
internal sealed class TemplateScope : IDisposable
{
    private readonly JsonDocument _document;
    private readonly JsonElement[] _roots = new JsonElement[Pointer.Roots.Length];

    private TemplateScope(JsonDocument document)
    {
        _document = document;
        // Every expression begins at one of them.
        for (var i = 0; i < _roots.Length; i++)
            document.RootElement.TryGetProperty(Pointer.Roots[i], out _roots[i]);
    }

    /// <summary>One of the roots, by its place in <see cref="Pointer.Roots"/>; undefined when the scope lacks it.</summary>
    public JsonElement Root(int place) => _roots[place];

    /// <summary>Makes a scope.</summary>
    /// <param name="write">Writes the object, from its first brace to its last.</param>
    public static TemplateScope Write(Action<Utf8JsonWriter> write) => Parse(MessageJson.Write(write));

    /// <summary>Makes a scope of JSON, without blanks between its tokens: values are copied as they stand.</summary>
    public static TemplateScope Parse(ReadOnlyMemory<byte> utf8) => new(JsonDocument.Parse(utf8));

    /// <summary>Gives the memory back. Values that were found are void then.</summary>
    public void Dispose() => _document.Dispose();
}
