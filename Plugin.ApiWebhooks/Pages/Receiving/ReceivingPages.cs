using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Pages.Events;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Pages.Receiving;

/// <summary>The help for whoever writes a receiver, with the values of a subscription of the reader's.</summary>
internal sealed class ReceivingPages(SettingsWatcher settings, SubscriptionAccess access, IEnumerable<IDialect> dialects, PageDrawing drawing) : IDoor
{
    public const string Path = PageDrawing.Root + "/receiving";

    private const string ExampleUrl = "https://receiver.example.org/webhooks";

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(Path, (RequestDelegate)ShowAsync);

    /// <summary>The address of the help for a subscription.</summary>
    public static string HrefOf(string key) => $"{Path}?subscription={Uri.EscapeDataString(key)}";

    private async Task ShowAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var (texts, query) = (ReceivingTexts.In(user.Language), context.Request.Query);
        var name = query["subscription"].ToString();
        var key = name.Length == 0 ? null : access.Find(user, name)?.Key;
        var hook = key is null ? null : settings.Current.Hooks.FirstOrDefault(each => each.Key == key);
        if (name.Length > 0 && hook is null)
            await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, texts.NotThere).ConfigureAwait(false);
        else
            await drawing.DrawAsync<ReceivingPage>(context, texts.Title, Describe(user, texts, hook, query["language"].ToString(), query["with"] == "public-key")).ConfigureAwait(false);
    }

    private ReceivingView Describe(HostUser user, ReceivingTexts texts, HookSettings? hook, string language, bool wantsPublicKey)
    {
        var signing = hook?.Signing ?? HookSigning.V1;
        var usesPublicKey = signing == HookSigning.V1a || (signing == HookSigning.Both && wantsPublicKey);
        var url = ShownUrl.Of(hook?.Url ?? ExampleUrl);
        var snippets = Snippet.All(new SnippetFacts(url, hook?.Rules.Method ?? "POST", usesPublicKey ? hook!.PublicKeys[0] : null));
        var shown = snippets.FirstOrDefault(each => each.Language == language) ?? snippets[0];
        return new ReceivingView
        {
            Texts = texts,
            Language = user.Language,
            Choices = [.. settings.Current.Hooks.Where(each => MaySee(user, each)).Select(each => (each.Key, each.Label))],
            Chosen = hook?.Key ?? "",
            Label = hook?.Label ?? texts.AnySubscription,
            ShownUrl = url,
            Signing = signing switch { HookSigning.V1 => "v1 (HMAC-SHA256)", HookSigning.V1a => "v1a (Ed25519)", _ => "v1 (HMAC-SHA256), v1a (Ed25519)" },
            SecretHint = signing == HookSigning.V1a ? null : hook is { SecretIsConfigured: true } ? texts.SecretInFile : texts.SecretHint,
            PublicKeys = signing == HookSigning.V1 ? [] : hook!.PublicKeys,
            Headers = HeadersOf(hook, texts),
            Snippets = [.. snippets.Select(each => (each, Href(hook, each.Language, usesPublicKey)))],
            Shown = shown,
            OtherWay = signing != HookSigning.Both ? null : new PageLink(Href(hook, shown.Language, !usesPublicKey), usesPublicKey ? texts.WithSecret : texts.WithPublicKey),
            Advice = Advise(hook, texts),
            EventsHref = EventPages.Path + (hook is null ? "" : $"?dialect={hook.Dialect}"),
            DeliveriesHref = hook is null ? null : $"{PageDrawing.Root}/deliveries?subscription={Uri.EscapeDataString(hook.Key)}",
        };
    }

    private static bool MaySee(HostUser user, HookSettings hook) =>
        hook.Owner is null || user.Roles.Contains(Gate.SysAdminRole) || hook.Owner.Equals(user.Name, StringComparison.OrdinalIgnoreCase);

    private static IReadOnlyList<HeaderRow> HeadersOf(HookSettings? hook, ReceivingTexts texts) =>
    [
        new(StandardSignature.IdHeader, "msg_…", texts.HeaderId),
        new(StandardSignature.TimestampHeader, "1767225600", texts.HeaderTimestamp),
        new(StandardSignature.SignatureHeader, hook?.Signing == HookSigning.V1a ? "v1a,…" : "v1,…", texts.HeaderSignature),
        .. (hook?.Rules.Headers ?? []).Select(header => new HeaderRow(header.Key, SettingsMask.Stars, texts.HeaderOfDialect)),
        .. (hook?.Headers ?? []).Select(header => new HeaderRow(header.Name, SettingsMask.Stars, texts.HeaderOwn)),
    ];

    private List<(string Title, string Text)> Advise(HookSettings? hook, ReceivingTexts texts)
    {
        var delivery = settings.Current.Delivery;
        var advice = new List<(string Title, string Text)>
        {
            (texts.AnswerFast, Format(texts.AnswerFastText, Words(hook?.Timeout ?? delivery.Timeout))),
            (texts.Dedupe, texts.DedupeText),
            (texts.Retry, DescribeSchedule(hook?.Schedule ?? delivery.Schedule, delivery.JitterPercent)),
            (texts.RetryAfter, texts.RetryAfterText),
            (texts.Gone, delivery.DisableAfter > TimeSpan.Zero ? Format(texts.GoneText, Words(delivery.DisableAfter)) : texts.GoneOnlyText),
            (texts.Order, hook?.Order switch { DeliveryOrder.Record => texts.OrderRecord, DeliveryOrder.Strict => texts.OrderAll, _ => texts.OrderNone }),
            (texts.Rotation, Format(texts.RotationText, Words(delivery.SecretOverlap))),
        };
        var dialect = dialects.FirstOrDefault(each => each.Name == (hook?.Dialect ?? "standard"));
        if (dialect is not null && texts.Dialects.GetValueOrDefault(dialect.Name) is { } beside)
            advice.Add(($"{texts.Beside}: {dialect.Title}", hook?.Rules.Handshake is null ? beside : $"{beside} {texts.Handshake}"));
        return advice;

        string Words(TimeSpan span) => Durations.InWords(span, texts.IsFrench);

        string DescribeSchedule(IReadOnlyList<TimeSpan> schedule, int jitter)
        {
            var first = schedule.Count == 0 || schedule[0] == TimeSpan.Zero ? texts.AtOnce : After(schedule[0]);
            if (schedule.Count < 2)
                return Format(texts.RetryOnce, first);
            var waits = string.Join(", ", schedule.Skip(1).Select(After).Prepend(first));
            return Format(texts.RetryText, waits, schedule.Count.ToString(CultureInfo.InvariantCulture), Words(schedule.Aggregate(TimeSpan.Zero, (sum, each) => sum + each)), jitter.ToString(CultureInfo.InvariantCulture));
        }

        string After(TimeSpan wait) => texts.IsFrench ? $"après {Words(wait)}" : $"after {Words(wait)}";
    }

    private static string Format(string text, params string[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    private static string Href(HookSettings? hook, string language, bool withPublicKey)
    {
        var query = new QueryBuilder();
        if (hook is not null)
            query.Add("subscription", hook.Key);
        query.Add("language", language);
        if (withPublicKey && hook?.Signing == HookSigning.Both)
            query.Add("with", "public-key");
        return Path + query + "#verify";
    }
}
