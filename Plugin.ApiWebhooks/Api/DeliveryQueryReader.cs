using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Reads which deliveries are asked for from the parameters of a query, which the page and the management API have in common.</summary>
internal sealed class DeliveryQueryReader(SubscriptionAccess access, IEnumerable<IDialect> dialects, SettingsWatcher settings)
{
    /// <summary>The parameters, in the order of the page's form.</summary>
    public static readonly IReadOnlyList<string> Parameters = ["subscription", "state", "event", "record", "from", "to", "status", "text"];

    /// <summary>Beside the outcomes of attempts, why a delivery was given up.</summary>
    public static readonly IReadOnlyList<string> Failures =
        [.. Enum.GetNames<AttemptOutcome>().Except([nameof(AttemptOutcome.Succeeded), nameof(AttemptOutcome.Interrupted)]), Refusal.TooLarge, Refusal.NotRendered, FailureCount.Cancelled];

    /// <summary>The names of events, those of the standard dialect first.</summary>
    public IReadOnlyList<string> EventNames() =>
        [.. StandardEvents.All.Concat(StandardEvents.Notices).Concat(dialects.SelectMany(dialect => dialect.Events).Select(each => each.Name).Order(StringComparer.OrdinalIgnoreCase)).Distinct()];

    /// <summary>Reads the parameters.</summary>
    /// <param name="user">Who asks: what a subscription's deliveries are is only for those who see it.</param>
    /// <param name="query">The parameters; empty ones are not there.</param>
    /// <param name="faults">What is wrong, by parameter.</param>
    public DeliveryQuery Read(HostUser user, IQueryCollection query, out IReadOnlyDictionary<string, QueryFault> faults)
    {
        var found = new Dictionary<string, QueryFault>();
        faults = found;
        var (kinds, among) = ReadEvent(Text("event"), found);
        var (status, failure) = ReadStatus(Text("status"), found);
        return new DeliveryQuery
        {
            SubscriptionId = ReadSubscription(user, Text("subscription"), found),
            State = ReadState(Text("state"), found),
            Kinds = kinds,
            Among = among,
            RecordId = ReadRecord(Text("record"), found),
            From = ReadTime("from", Text("from"), isEnd: false, found),
            Before = ReadTime("to", Text("to"), isEnd: true, found),
            Status = status,
            Failure = failure,
            Text = Text("text") is { Length: > 0 } text ? text.Length <= 200 ? text : text[..200] : null,
            Hidden = access.Hidden(user),
        };

        string Text(string name) => query[name].ToString().Trim();
    }

    // By number, by the key that stands in config.json, or by the id of a stored one.
    private long? ReadSubscription(HostUser user, string text, Dictionary<string, QueryFault> faults)
    {
        if (text.Length == 0)
            return null;
        if (access.FindNumber(user, text) is { } number)
            return number;
        faults["subscription"] = QueryFault.NoSubscription;
        return null;
    }

    private static DeliveryState? ReadState(string text, Dictionary<string, QueryFault> faults)
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
        {
            if (StateNames.Of(state) == text)
                return state;
        }
        if (text.Length > 0)
            faults["state"] = QueryFault.NoState;
        return null;
    }

    private static long? ReadRecord(string text, Dictionary<string, QueryFault> faults)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        if (text.Length > 0)
            faults["record"] = QueryFault.NoNumber;
        return null;
    }

    // A name of the standard dialect, with record.* all of a subject; or one that a dialect has on the wire, for the subscriptions in that dialect.
    private (IReadOnlyList<string>? Kinds, IReadOnlyList<long>? Among) ReadEvent(string text, Dictionary<string, QueryFault> faults)
    {
        if (text.Length == 0)
            return (null, null);
        var known = StandardEvents.All.Concat(StandardEvents.Notices);
        var kinds = known.Where(kind => kind == text || (text.EndsWith(".*", StringComparison.Ordinal) && kind.StartsWith(text[..^1], StringComparison.Ordinal))).ToList();
        if (kinds.Count > 0)
            return (kinds, null);
        // Not from the catalogue, which makes an example of each.
        var named = dialects.SelectMany(dialect => dialect.Events.Where(each => each.Name.Equals(text, StringComparison.OrdinalIgnoreCase)).Select(each => (Dialect: dialect.Name, each.Kind))).ToList();
        if (named.Count == 0)
        {
            faults["event"] = QueryFault.NoEvent;
            return (null, null);
        }
        kinds.AddRange(named.Select(each => each.Kind is { } kind ? StandardEvents.Of(kind) : StandardEvents.Notices[0]).Distinct());
        var keys = settings.Current.Hooks.Where(hook => named.Exists(each => each.Dialect.Equals(hook.Dialect, StringComparison.OrdinalIgnoreCase))).Select(hook => hook.Key).ToHashSet();
        return (kinds, access.NumbersOf(keys));
    }

    // 404, 4xx, or the name of a failure.
    private static ((int, int)? Status, string? Failure) ReadStatus(string text, Dictionary<string, QueryFault> faults)
    {
        if (text.Length == 0)
            return (null, null);
        if (text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status >= 100)
            return ((status, status), null);
        if (text.Length == 3 && text[0] is >= '1' and <= '5' && text[1..].Equals("xx", StringComparison.OrdinalIgnoreCase))
            return (((text[0] - '0') * 100, ((text[0] - '0') * 100) + 99), null);
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Failures.FirstOrDefault(name => name.Equals(plain, StringComparison.OrdinalIgnoreCase)) is { } failure)
            return (null, failure);
        faults["status"] = QueryFault.NoStatus;
        return (null, null);
    }

    // A day or a minute that is named as the end belongs to the span.
    private static DateTimeOffset? ReadTime(string name, string text, bool isEnd, Dictionary<string, QueryFault> faults)
    {
        if (text.Length == 0)
            return null;
        if (!IsoTime.TryParse(text, out var at))
        {
            faults[name] = QueryFault.NoTime;
            return null;
        }
        if (!isEnd)
            return at;
        // 2026-03-01 and 2026-03-01T12:00 have no seconds.
        return text.Length == 10 ? at.AddDays(1) : text.Length < 19 || text[16] != ':' ? at.AddMinutes(1) : at.AddMilliseconds(1);
    }
}

/// <summary>What is wrong with a parameter.</summary>
internal enum QueryFault
{
    NoSubscription,
    NoState,
    NoEvent,
    NoNumber,
    NoTime,
    NoStatus,
}
