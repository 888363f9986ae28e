using System.Globalization;

namespace Benchmarks;

/// <summary>The <c>--option value</c> pairs after a benchmark's name.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values;
    private readonly HashSet<string> _used = [];

    private Options(Dictionary<string, string> values) => _values = values;

    public static Options Parse(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Count)
                throw new ArgumentException($"\"{args[i]}\" is not the beginning of \"--option value\".");
            values[args[i][2..]] = args[i + 1];
        }

        return new Options(values);
    }

    public int Number(string name, int otherwise)
    {
        _used.Add(name);
        return _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }

    public string Text(string name, string otherwise)
    {
        _used.Add(name);
        return _values.GetValueOrDefault(name, otherwise);
    }

    /// <summary>The options that no benchmark asked for.</summary>
    public IReadOnlyList<string> FindUnused() => [.. _values.Keys.Except(_used).Select(name => $"--{name}")];
}
