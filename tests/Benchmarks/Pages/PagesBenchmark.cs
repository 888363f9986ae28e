using System.Diagnostics;
using System.Globalization;
using Benchmarks.Run;

namespace Benchmarks.Pages;

/// <summary>
/// How long the server takes for the overview and for the list of deliveries, with a thousand subscriptions and a million deliveries. The plugin's own handlers answer
/// over HTTP from a file on the disk; every page is asked for once in each round, in an order that changes every round. The overview reads its figures anew each time.
/// </summary>
internal static class PagesBenchmark
{
    private const string Overview = "/plugins/ApiWebhooks/";
    private const string Live = "/plugins/ApiWebhooks/overview/live";
    private const string List = "/plugins/ApiWebhooks/deliveries";

    public static async Task<Report> RunAsync(Options options)
    {
        var rounds = options.Number("rounds", 9);
        var (subscriptions, deliveries) = (options.Number("subscriptions", 1000), options.Number("deliveries", 1_000_000));
        using var folder = new RunFolder("pages");
        await using var site = await PageSite.StartAsync(folder.FullPath, subscriptions);
        var began = Stopwatch.GetTimestamp();
        await PageFill.RunAsync(site.Database, subscriptions, deliveries);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {PageFill.Count(site.Database, "delivery"):#,0} deliveries, of which {PageFill.Count(site.Database, "delivery WHERE finished_at IS NULL"):#,0} are owed and {PageFill.Count(site.Database, "delivery WHERE state = 'exhausted'"):#,0} given up"));

        List<Page> pages = [new("overview", Overview, "sysadmin"), new("overview, as an administrator", Overview, "admin"), new("overview, only those in trouble", Overview + "?show=trouble", "sysadmin"), new("overview, its parts renewed", Live, "sysadmin", IsCached: true)];
        var hasList = (await site.GetAsync(List, "sysadmin")).Status == 200;
        if (hasList)
            pages.AddRange(Filters(TimeProvider.System.GetUtcNow()).Select(filter => new Page($"deliveries?{filter}", $"{List}?{filter}", "admin")));
        foreach (var page in pages)
            await MeasureAsync(site, page);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < pages.Count; i++)
            {
                var page = pages[(i + round) % pages.Count];
                var before = Environment.CpuUsage.TotalTime;
                page.Milliseconds.Add(await MeasureAsync(site, page));
                page.Processor.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }
        }
        return Describe(pages, hasList, rounds);
    }

    // Every filter there is, with many, few and no matches, and some together.
    private static IEnumerable<string> Filters(DateTimeOffset now)
    {
        yield return "";
        yield return "subscription=7";
        yield return "subscription=500";
        foreach (var state in new[] { "pending", "in_flight", "waiting", "held", "delivered", "exhausted", "cancelled" })
        {
            yield return $"state={state}";
            yield return $"state={state}&subscription=7";
            yield return $"state={state}&subscription=500";
        }
        foreach (var kind in new[] { "record.inserted", "record.metadata_changed", "file.removed" })
            yield return $"event={kind}";
        yield return "event=record.deleted&subscription=7&state=waiting";
        yield return "event=record.deleted&state=exhausted";
        yield return "event=file.removed&state=delivered";
        foreach (var record in new[] { 123, 49_999, 999_999_999 })
            yield return $"record={record}";
        yield return "record=123&state=delivered";
        foreach (var (from, to) in new[] { (-1, 0), (-24, 0), (-400, -399), (-20_000, -19_000), (-400, 0) })
            yield return $"from={Iso(now.AddHours(from))}&to={Iso(now.AddHours(to))}";
        yield return $"from={Iso(now.AddHours(-500))}&to={Iso(now.AddHours(-490))}&state=exhausted";
        foreach (var status in new[] { 204, 500, 404, 418 })
            yield return $"status={status}";
        yield return "status=500&subscription=500";
        yield return "status=204&state=waiting";
        foreach (var text in new[] { "glazed", PageFill.RareWord, "nowhere-at-all", "receiver-7.example.org", "not today" })
            yield return $"text={Uri.EscapeDataString(text)}";
        yield return $"text={PageFill.RareWord}&subscription=500";
        yield return "text=nowhere-at-all&state=delivered&event=record.inserted";
        yield return "text=nowhere-at-all&state=waiting";
    }

    private static async Task<double> MeasureAsync(PageSite site, Page page)
    {
        if (!page.IsCached)
            site.ForgetFigures();
        var began = Stopwatch.GetTimestamp();
        var (status, _) = await site.GetAsync(page.Path, page.User);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return status == 200 ? took : throw new InvalidOperationException($"{page.Path} answered {status}.");
    }

    private static Report Describe(List<Page> pages, bool hasList, int rounds)
    {
        var report = new Report("page", $"median of {rounds} rounds [lowest..highest]", "processor time, client included");
        foreach (var page in pages)
            report.AddRow(page.Name, Cell.Spread(page.Milliseconds, Cell.Milliseconds), Cell.Spread(page.Processor, Cell.Milliseconds));
        report.AddFigure("overviewMs", pages.Where(page => page.Path.StartsWith(Overview, StringComparison.Ordinal) && !page.Path.StartsWith(List, StringComparison.Ordinal)).Max(page => Sample.Median(page.Milliseconds)));
        if (!hasList)
        {
            report.AddNote("There is no list of deliveries.");
            return report;
        }
        var slowest = pages.Where(page => page.Path.StartsWith(List, StringComparison.Ordinal)).MaxBy(page => Sample.Median(page.Milliseconds))!;
        report.AddNote($"The slowest filter: {slowest.Name}");
        report.AddFigure("listMs", Sample.Median(slowest.Milliseconds));
        return report;
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private sealed record Page(string Name, string Path, string User, bool IsCached = false)
    {
        public List<double> Milliseconds { get; } = [];

        public List<double> Processor { get; } = [];
    }
}
