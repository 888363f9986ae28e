using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Deliveries;

/// <summary>Reads a page of the list, by the parameters of its address.</summary>
internal sealed class DeliveryList(DeliverySearch search, DeliveryQueryReader queries, SubscriptionAccess access)
{
    /// <summary>How many deliveries a page has.</summary>
    public const int PageLength = 50;

    private static readonly string[] StatusClasses = ["2xx", "3xx", "4xx", "5xx"];

    /// <summary>Reads a page.</summary>
    public async Task<DeliveryListView> ReadAsync(HostUser user, IQueryCollection parameters, CancellationToken cancellationToken)
    {
        var (texts, words) = (DeliveryTexts.In(user.Language), PageTexts.In(user.Language));
        var query = queries.Read(user, parameters, out var faults);
        var values = DeliveryQueryReader.Parameters.ToDictionary(name => name, name => parameters[name].ToString().Trim());
        if (query.SubscriptionId is { } number)
            values["subscription"] = Plain(number);
        var place = new SearchPlace(NumberOf(parameters, "before"), NumberOf(parameters, "notices"));
        // What was misunderstood is explained, and nothing is shown that was not asked for.
        var page = faults.Count > 0 ? new SearchPage([], null) : await search.FindNewestAsync(query, place, PageLength, cancellationToken).ConfigureAwait(false);
        var isFirst = place is { Before: null, Notices: null };
        var form = new FilterForm(
            values, faults.ToDictionary(each => each.Key, each => texts.FaultOf(each.Value)), [.. access.ReadLabels(user).Select(each => (Plain(each.Id), each.Label))],
            queries.EventNames(), [.. StatusClasses.Select(name => (name, name)), .. DeliveryQueryReader.Failures.Select(name => (name, texts.FailureOf(name)))]);
        return new DeliveryListView
        {
            Texts = texts,
            Words = words,
            Language = user.Language,
            Filter = form,
            Rows = new DeliveryRowsView
            {
                Texts = texts,
                Words = words,
                Rows = [.. page.Deliveries.Select(delivery => RowOf(delivery, texts, words))],
                None = faults.Count > 0 ? texts.NotUnderstood : page.LookedBackTo is not null ? texts.NoneSoFar : form.IsEmpty ? texts.NoneYet : texts.NoneMatch,
                OlderHref = page.Next is { } next ? Href(values, next) : null,
                LookedBackTo = page.LookedBackTo,
            },
            NewestHref = isFirst ? null : Href(values, null),
            TailHref = isFirst && faults.Count == 0 && page.LookedBackTo is null ? DeliveryTail.Path + Href(values, null)[DeliveryPages.Path.Length..] : null,
            Href = Href(values, isFirst ? null : place),
        };
    }

    /// <summary>A delivery as a row.</summary>
    public static ListedDelivery RowOf(DeliveryEntry delivery, DeliveryTexts texts, PageTexts words) => new()
    {
        Id = Plain(delivery.Id),
        Href = DeliveryPages.HrefOf(delivery.Id),
        At = delivery.OccurredAt,
        Event = delivery.Kind,
        RecordId = delivery.RecordId is { } record ? Plain(record) : null,
        Subscription = delivery.SubscriptionLabel,
        State = MarkView.Of(delivery.State, words),
        Attempts = Plain(delivery.Attempts),
        Answer = delivery.Refusal is { } refusal ? texts.FailureOf(refusal.Reason) : delivery.LastAttempt is { } attempt ? attempt.Status is { } status ? Plain(status) : texts.FailureOf(attempt.Outcome) : null,
        Duration = delivery.LastAttempt is { } last ? TimeText.Of(last.Duration) : null,
        Words = delivery.Refusal?.Detail ?? delivery.LastAttempt?.Detail,
        NextAttemptAt = delivery.NextAttemptAt,
    };

    private static string Href(Dictionary<string, string> values, SearchPlace? place)
    {
        var pairs = values.Where(each => each.Value.Length > 0).Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}").ToList();
        if (place?.Before is { } before)
            pairs.Add($"before={Plain(before)}");
        if (place?.Notices is { } notices)
            pairs.Add($"notices={Plain(notices)}");
        return pairs.Count == 0 ? DeliveryPages.Path : $"{DeliveryPages.Path}?{string.Join('&', pairs)}";
    }

    private static long? NumberOf(IQueryCollection parameters, string name) =>
        long.TryParse(parameters[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Durations as pages show them.</summary>
internal static class TimeText
{
    /// <summary>In milliseconds up to a second, to the tenth where they are few; in seconds beyond.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: >= 1 } => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + "\u00A0s",
        { TotalMilliseconds: >= 10 } => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) + "\u00A0ms",
        { TotalMilliseconds: >= 0.1 } => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + "\u00A0ms",
        // What is kept to the millisecond alone.
        { Ticks: 0 } => "<\u00A01\u00A0ms",
        _ => time.TotalMicroseconds.ToString("0", CultureInfo.InvariantCulture) + "\u00A0µs",
    };
}
