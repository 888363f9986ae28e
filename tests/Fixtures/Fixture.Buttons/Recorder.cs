using System.Collections.Concurrent;
using Dam.Hosting;

namespace Fixture.Buttons;

/// <summary>What reached the plugin, as lines of text.</summary>
internal sealed class Recorder
{
    public Lock Gate { get; } = new();

    public ConcurrentQueue<string> Presses { get; } = new();

    public ConcurrentQueue<string> Commits { get; } = new();

    public ConcurrentDictionary<string, PressReport> Reports { get; } = new();
}
