using Benchmarks.Receive;

namespace Benchmarks.Run;

/// <summary>Writes a config.json for the plugin.</summary>
internal static class PluginConfig
{
    /// <summary>Hooks in the standard dialect, signed, one for each path at the receiver.</summary>
    public static string For(ReceiverProcess receiver, IReadOnlyList<string> paths) => $$"""
        {
          "hooks": [
            {{string.Join(",\n    ", paths.Select((path, number) => $$"""{ "label": "Benchmark {{number}}", "dialect": "standard", "url": "{{new Uri(receiver.Address, path)}}" }"""))}}
          ],
          "network": { "allow": ["{{receiver.Address.Authority}}"] }
        }
        """;
}
