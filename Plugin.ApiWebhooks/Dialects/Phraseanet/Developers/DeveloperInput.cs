using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Plugin.ApiWebhooks.Api;

namespace Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;

/// <summary>What a developers' call brings: the fields of a form, or the members of a JSON object, with the same names.</summary>
internal sealed class DeveloperInput
{
    private const int MostBytes = 64 * 1024;

    private readonly Dictionary<string, string[]> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a field; empty when it did not come.</summary>
    public string this[string name] => _values.TryGetValue(name, out var values) && values.Length > 0 ? values[0] : "";

    /// <summary>All values of a field.</summary>
    public IReadOnlyList<string> All(string name) => _values.GetValueOrDefault(name) ?? [];

    /// <summary>Whether a field came.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Keeps a body from being large, before anybody reads it.</summary>
    public static void Limit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MostBytes;
    }

    /// <summary>Reads the body; null when it is neither form nor JSON object, or too large.</summary>
    public static async Task<DeveloperInput?> ReadAsync(HttpRequest request)
    {
        var input = new DeveloperInput();
        try
        {
            if (request.HasFormContentType)
            {
                foreach (var (name, values) in await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false))
                    input._values[name] = [.. values.Select(value => value ?? "")];
                return input;
            }
            var (body, fault) = await JsonBody.ReadAsync(request).ConfigureAwait(false);
            if (fault is not null)
                return null;
            foreach (var member in body.EnumerateObject())
                input._values[member.Name] = [.. TextsOf(member.Value)];
            return input;
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return null; // The caller answers that it cannot be read.
        }
    }

    private static IEnumerable<string> TextsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(TextsOf),
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Null => [],
        _ => [value.GetRawText()],
    };
}
