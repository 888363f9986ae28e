using Plugin.ApiWebhooks.Dialects;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>
/// The values of one change that its address and headers name, by the pointers that name them. They are stored with the message, so that a later attempt expands the
/// address and headers, perhaps corrected since, with the same values.
/// </summary>
internal static class FrozenValues
{
    /// <summary>Adds the value of a pointer as a text, where there is one.</summary>
    /// <param name="values">Takes it; null when none was needed yet.</param>
    /// <param name="pointer">The pointer.</param>
    /// <param name="scope">What it may name.</param>
    /// <returns>The text; null when the value is missing or null.</returns>
    /// <exception cref="RenderException">The value is too long for any address or header.</exception>
    public static string? Freeze(ref Dictionary<string, string>? values, Pointer pointer, TemplateScope scope)
    {
        if (values is not null && values.TryGetValue(pointer.Text, out var known))
            return known;
        if (!pointer.TryResolve(scope, out var value) || value.ValueKind == System.Text.Json.JsonValueKind.Null)
            return null;
        var text = ValueText.Of(value);
        if (text.Length > TemplateLimits.HeaderCharacters)
        {
            throw new RenderException(
                $"The value of {{{pointer.Text}}} is {text.Length} characters long; in an address or a header {TemplateLimits.HeaderCharacters} are the most. Name a shorter value.");
        }
        values ??= new Dictionary<string, string>(StringComparer.Ordinal);
        values.Add(pointer.Text, text);
        return text;
    }
}
