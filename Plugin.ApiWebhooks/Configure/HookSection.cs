using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>The text of one hook, as a dialect reads its own keys from it.</summary>
/// <param name="Section">Key by key, as <see cref="SectionReader"/> reads it; its path begins every fault's place.</param>
/// <param name="Json">The same as JSON, for what configuration flattens: numbers, nulls, and keys that differ in case.</param>
/// <param name="Owner">The user who made it; null for a hook of config.json.</param>
/// <param name="Id">The id under which it is stored, empty while it is only checked; null for a hook of config.json.</param>
internal readonly record struct HookSection(IConfigurationSection Section, JsonElement Json, string? Owner = null, Guid? Id = null)
{
    /// <summary>The text of one hook that stands alone; places of faults begin with <c>hook.</c></summary>
    public static HookSection Parse(string json)
    {
        var utf8 = Encoding.UTF8.GetBytes($$"""{"{{Root}}":{{json}}}""");
        using var document = JsonDocument.Parse(utf8);
        using var stream = new MemoryStream(utf8, writable: false);
        return new HookSection(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection(Root), document.RootElement.GetProperty(Root).Clone());
    }

    /// <summary>The one key that such a hook stands under.</summary>
    public const string Root = "hook";
}
