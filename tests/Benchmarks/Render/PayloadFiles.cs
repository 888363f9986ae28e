using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Dam.Hosting;

namespace Benchmarks.Render;

/// <summary>The files that the tests of the dialects hold: a hook's own keys and a change that it wants.</summary>
internal static class PayloadFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static IEnumerable<(string Name, string Hook, Change Change)> Of(string dialect)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "Payloads");
        foreach (var file in Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!string.Equals(Path.GetFileName(Path.GetDirectoryName(file)), dialect, StringComparison.OrdinalIgnoreCase))
                continue;
            var input = JsonNode.Parse(File.ReadAllText(file))!;
            if (input["hook"] is { } hook && input["change"] is { } change)
                yield return (Path.GetFileNameWithoutExtension(file), hook.ToJsonString(), change.Deserialize<Change>(Json)!);
        }
    }
}
