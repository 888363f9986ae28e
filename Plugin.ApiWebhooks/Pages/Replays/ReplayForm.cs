using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Replay;

namespace Plugin.ApiWebhooks.Pages.Replays;

/// <summary>What was entered into the form of a new replay, as it was typed.</summary>
public sealed record ReplayForm
{
    /// <summary>The window that is the whole log.</summary>
    public const string Everything = "all";

    /// <summary>The window by time.</summary>
    public const string ByTime = "time";

    /// <summary>The window by the numbers of changes.</summary>
    public const string ByPosition = "position";

    private static readonly string[] Windows = [Everything, ByTime, ByPosition];

    public string Subscription { get; init; } = "";

    /// <summary>Which changes, by their names in the management API.</summary>
    public string Which { get; init; } = ReplayNames.Of(ReplayWhich.NeverDelivered);

    public string Window { get; init; } = Everything;

    /// <summary>The first instant.</summary>
    public string From { get; init; } = "";

    /// <summary>The first instant that is not in the window any more.</summary>
    public string To { get; init; } = "";

    /// <summary>The first change.</summary>
    public string First { get; init; } = "";

    /// <summary>The last change.</summary>
    public string Last { get; init; } = "";

    /// <summary>Reads it out of a posted form or a query.</summary>
    public static ReplayForm Read(Func<string, string?> field)
    {
        var (which, window) = (field("which") ?? "", field("window") ?? "");
        return new ReplayForm
        {
            Subscription = Text("subscription"),
            Which = ReplayNames.FindWhich(which) is null ? ReplayNames.Of(ReplayWhich.NeverDelivered) : which,
            Window = Windows.Contains(window) ? window : Everything,
            From = Text("from"),
            To = Text("to"),
            First = Text("first"),
            Last = Text("last"),
        };

        string Text(string name) => field(name)?.Trim() ?? "";
    }

    /// <summary>The form that would ask for a replay once more.</summary>
    internal static ReplayForm Of(ReplayJob job)
    {
        var window = job.Window;
        var form = new ReplayForm { Subscription = Plain(job.SubscriptionId), Which = ReplayNames.Of(job.Which) };
        if (window.From is not null || window.Before is not null)
            return form with { Window = ByTime, From = Local(window.From), To = Local(window.Before) };
        return window.After == 0 ? form : form with { Window = ByPosition, First = Plain(window.After + 1), Last = Plain(window.UpTo) };
    }

    /// <summary>Makes a request of it.</summary>
    /// <param name="texts">The words of faults.</param>
    /// <param name="faults">Takes what is wrong, by the name of the field.</param>
    /// <returns>The request; null when something is wrong.</returns>
    internal ReplayRequest? ToRequest(ReplayTexts texts, IDictionary<string, string> faults)
    {
        var request = new ReplayRequest(ReplayNames.FindWhich(Which)!.Value);
        var before = faults.Count;
        if (Window == ByTime)
        {
            request = request with { From = Time("from", From), To = Time("to", To) };
            if (From.Length + To.Length == 0)
                faults["from"] = texts.NoWindow;
            else if (request.From >= request.To)
                faults["to"] = texts.EndBeforeBeginning;
        }
        else if (Window == ByPosition)
        {
            // For people both ends are in the window.
            request = request with { After = Number("first", First) - 1, UpTo = Number("last", Last) };
            if (First.Length + Last.Length == 0)
                faults["first"] = texts.NoWindow;
            else if (request.After >= request.UpTo)
                faults["last"] = texts.EndBeforeBeginning;
        }
        return faults.Count == before ? request : null;

        DateTimeOffset? Time(string name, string text)
        {
            if (text.Length == 0)
                return null;
            if (IsoTime.TryParse(text, out var at))
                return at;
            faults[name] = texts.NoTime;
            return null;
        }

        long? Number(string name, string text)
        {
            if (text.Length == 0)
                return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                return number;
            faults[name] = texts.NoNumber;
            return null;
        }
    }

    /// <summary>The address of the form with this in it.</summary>
    /// <param name="count">The replay that counted for it, or null.</param>
    public string Href(long? count = null)
    {
        var query = new QueryBuilder();
        (string, string)[] ends = Window switch
        {
            ByTime => [("window", Window), ("from", From), ("to", To)],
            ByPosition => [("window", Window), ("first", First), ("last", Last)],
            _ => [],
        };
        foreach (var (name, value) in new[] { ("subscription", Subscription), ("which", Which) }.Concat(ends).Append(("count", count is { } id ? Plain(id) : "")))
        {
            if (value.Length > 0)
                query.Add(name, value);
        }
        return NewReplayPages.Path + query;
    }

    private static string Local(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);
}
