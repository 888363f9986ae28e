using System.Diagnostics;
using Benchmarks.Deliver;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;

namespace Benchmarks.Render;

/// <summary>One body that is made again and again.</summary>
/// <param name="dialect">Its dialect, or what else makes it.</param>
/// <param name="name">Its event.</param>
/// <param name="render">Makes the body once.</param>
/// <param name="isTemplate">Whether it is made of a template of the user's.</param>
internal sealed class RenderSubject(string dialect, string name, Func<ReadOnlyMemory<byte>> render, bool isTemplate = false)
{
    private readonly List<double> _micros = [];
    private readonly List<double> _allocated = [];

    public string Dialect => dialect;

    public string Event => name;

    public bool IsTemplate => isTemplate;

    /// <summary>Microseconds for a message, of each round.</summary>
    public IReadOnlyCollection<double> Micros => _micros;

    public double Median => Sample.Median(_micros);

    /// <summary>Bytes allocated for a message.</summary>
    public double Allocated => Sample.Median(_allocated);

    public int BodyLength { get; private set; }

    /// <summary>The events of a dialect's catalogue, by the hook and the change that stand there, and the files that its tests hold.</summary>
    public static IEnumerable<RenderSubject> Of(IDialect dialect)
    {
        foreach (var each in dialect.Events)
        {
            if (each.Kind is not { } kind)
                continue;
            var change = ExampleChanges.Of(kind);
            change = each.Shape?.Invoke(change) ?? change;
            yield return Of(dialect, each.Form is null ? each.Name : $"{each.Name} ({each.Form})", each.Hook, change);
        }
        foreach (var (name, hook, change) in PayloadFiles.Of(dialect.Name))
            yield return Of(dialect, $"file {name}", hook, change, isTemplate: hook.Contains("\"templates\"", StringComparison.Ordinal));
    }

    /// <summary>A change as a hook's receiver gets it.</summary>
    /// <param name="dialect">The dialect.</param>
    /// <param name="name">The event's name.</param>
    /// <param name="hook">The hook's own keys as JSON.</param>
    /// <param name="change">The change.</param>
    /// <param name="isTemplate">Whether the hook has a template.</param>
    public static RenderSubject Of(IDialect dialect, string name, string hook, Change change, bool isTemplate = false)
    {
        var faults = new List<PluginFault>();
        var rules = dialect.Read(HookSection.Parse(hook), faults)
            ?? throw new InvalidOperationException($"The hook of {dialect.Name} {name} is refused: {string.Join(" ", faults.Select(fault => fault.Message))}");
        if (!rules.Wants(change))
            throw new InvalidOperationException($"The hook of {dialect.Name} {name} does not want its change.");
        var host = new NoHost();
        return new RenderSubject(dialect.Name, name, () => rules.Render(change, host).Body, isTemplate);
    }

    /// <summary>Makes it so many times.</summary>
    public void Render(int messages)
    {
        for (var i = 0; i < messages; i++)
            BodyLength = render().Length;
    }

    public void Measure(int messages)
    {
        // What the other subjects drove out of the processor's caches comes back.
        Render(messages / 2);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        Render(messages);
        _micros.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / messages);
        _allocated.Add((GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)messages);
    }
}
