using Benchmarks.Receive;

namespace Benchmarks.Run;

/// <summary>Writes a config.json for the plugin.</summary>
internal static class PluginConfig
{
    /// <summary>Hooks in the standard dialect, signed, one for each path at the receiver.</summary>
    /// <param name="receiver">Where they lead to.</param>
    /// <param name="paths">Their paths.</param>
    /// <param name="gatherMilliseconds">How long changes may gather; null for what the plugin does by itself.</param>
    public static string For(ReceiverProcess receiver, IReadOnlyList<string> paths, int? gatherMilliseconds = null) => $$"""
        {
          "hooks": [
            {{string.Join(",\n    ", paths.Select((path, number) => $$"""{ "label": "Benchmark {{number}}", "dialect": "standard", "url": "{{new Uri(receiver.Address, path)}}" }"""))}}
          ],
          "delivery": { {{(gatherMilliseconds is { } gather ? $"\"gatherMilliseconds\": {gather}" : "")}} },
          "network": { "allow": ["{{receiver.Address.Authority}}"] }
        }
        """;
}
