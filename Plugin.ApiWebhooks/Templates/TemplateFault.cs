using System.Globalization;

namespace Plugin.ApiWebhooks.Templates;

/// <summary>What is wrong with a template, found when it is saved.</summary>
/// <param name="Place">The key path within an object template, such as <c>items:0:title</c>; empty for the template itself.</param>
/// <param name="Position">Where in the text the fault begins: 1 for the first character, 0 for the whole of it.</param>
/// <param name="What">What is wrong, to be read after the place.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record TemplateFault(string Place, int Position, string What, string Remedy)
{
    /// <summary>What is wrong, with the position.</summary>
    public string Words => Position == 0 ? What : string.Create(CultureInfo.InvariantCulture, $"{What} (at character {Position})");
}
