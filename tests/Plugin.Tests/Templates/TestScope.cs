using System.Text;
using System.Text.Json;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.Tests.Templates;

/// <summary>Scopes as the plugin makes them, of JSON.</summary>
internal static class TestScope
{
    public static TemplateScope Of(string json)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        return TemplateScope.Write(document.RootElement.WriteTo);
    }
}
