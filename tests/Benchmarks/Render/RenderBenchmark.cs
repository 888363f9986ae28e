using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Render;

/// <summary>
/// What a message costs before it is stored: for each event of each dialect the body of the catalogue's example change, made by the rules that a hook's settings give,
/// and a 2 KB template filled for one change. Very short rounds of all take turns, so that other work on the machine meets all alike and most rounds not at all.
/// </summary>
internal static class RenderBenchmark
{
    public static Task<Report> RunAsync(Options options)
    {
        var rounds = options.Number("rounds", 501);
        var messages = options.Number("messages", 40);
        var only = options.Text("dialect", "");
        using var dialects = RegisteredDialects.Load();
        List<RenderSubject> subjects = [.. dialects.All.SelectMany(dialect => RenderSubject.Of(dialect)).Where(subject => subject.Dialect.StartsWith(only, StringComparison.Ordinal))];
        subjects.AddRange(TemplateSubjects.All(dialects.All));
        WarmUp(subjects, messages, TimeSpan.FromSeconds(options.Number("warmUpSeconds", 4)));
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
                subjects[(i + round) % subjects.Count].Measure(messages);
        }

        return Task.FromResult(Describe(subjects, rounds, messages));
    }

    // The compiler improves in the background what is called often, and on a busy machine it takes its time.
    private static void WarmUp(List<RenderSubject> subjects, int messages, TimeSpan shortest)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < shortest)
        {
            foreach (var subject in subjects)
                subject.Render(messages);
        }
    }

    private static Report Describe(List<RenderSubject> subjects, int rounds, int messages)
    {
        var report = new Report($"medians of {rounds} rounds of {messages} messages [lowest..highest]", "a message", "allocated", "body", "memory beyond the body");
        foreach (var group in subjects.GroupBy(subject => subject.Dialect))
        {
            foreach (var subject in group)
            {
                report.AddRow(
                    $"{subject.Dialect}  {subject.Event}", Cell.Spread(subject.Micros, Cell.Microseconds), Bytes(subject.Allocated), Bytes(subject.BodyLength),
                    Bytes(subject.Allocated - subject.BodyLength));
            }
        }
        var fixedOnes = subjects.Where(subject => !subject.IsTemplate).ToList();
        var templates = subjects.Where(subject => subject.IsTemplate).ToList();
        if (fixedOnes.Count > 0)
        {
            report.AddNote($"Slowest fixed body: {Named(fixedOnes.MaxBy(subject => subject.Median)!)}. The figures are those of the slowest and of the hungriest.");
            report.AddFigure("fixedMicros", fixedOnes.Max(subject => subject.Median));
            report.AddFigure("fixedBytes", fixedOnes.Max(subject => subject.Allocated));
        }
        report.AddNote($"Slowest template: {Named(templates.MaxBy(subject => subject.Median)!)}.");
        report.AddFigure("templateMicros", templates.Max(subject => subject.Median));
        report.AddFigure("templateBytes", templates.Max(subject => subject.Allocated));
        return report;
    }

    private static string Named(RenderSubject subject) => $"{subject.Dialect} {subject.Event}";

    private static string Bytes(double count) => $"{count.ToString("#,0", CultureInfo.InvariantCulture)} B";
}
