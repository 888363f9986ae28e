using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>What a benchmark prints: a table for people, notes, and last one line of JSON with the figures.</summary>
internal sealed class Report
{
    private readonly List<string[]> _rows = [];
    private readonly List<string> _notes = [];
    private readonly List<(string Name, double Value)> _figures = [];

    public Report(params string[] headings) => _rows.Add(headings);

    public void AddRow(params string[] cells) => _rows.Add(cells);

    public void AddNote(string note) => _notes.Add(note);

    /// <summary>Adds a figure. Its name is part of the public surface.</summary>
    public void AddFigure(string name, double value) => _figures.Add((name, value));

    public void Print(string benchmark)
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        Console.WriteLine();
        foreach (var row in _rows)
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        foreach (var note in _notes)
            Console.WriteLine(note);
        Console.WriteLine();

        var json = new StringBuilder($$"""{"benchmark":"{{benchmark}}","figures":{""");
        json.AppendJoin(',', _figures.Select(figure => $"\"{figure.Name}\":{figure.Value.ToString("0.####", CultureInfo.InvariantCulture)}"));
        Console.WriteLine(json.Append("}}"));
    }
}

/// <summary>How numbers look in a table.</summary>
internal static class Cell
{
    public static string Milliseconds(double value) => $"{value.ToString("0.000", CultureInfo.InvariantCulture)} ms";

    public static string Microseconds(double value) => $"{value.ToString("0.0", CultureInfo.InvariantCulture)} µs";

    public static string PerSecond(double value) => $"{value.ToString("#,0", CultureInfo.InvariantCulture)}/s";

    public static string Ratio(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    /// <summary>The median of some values, with the lowest and highest in brackets.</summary>
    public static string Spread(IReadOnlyCollection<double> values, Func<double, string> show) =>
        $"{show(Sample.Median(values))} [{show(values.Min())}..{show(values.Max())}]";
}
