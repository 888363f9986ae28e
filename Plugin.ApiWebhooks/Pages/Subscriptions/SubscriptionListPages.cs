using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Detect;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The list of subscriptions, and the way back for those that were just deleted.</summary>
internal sealed class SubscriptionListPages(PageRequests requests, SubscriptionAccess access, StoredHooks stored, SettingsWatcher settings, PageDrawing drawing) : IDoor
{
    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(PageRequests.Path, requests.Guarded(ShowAsync));
        endpoints.MapPost(PageRequests.Path + "/{id}/restore", requests.Guarded(RestoreAsync)).Audited(Acts.RestoreSubscription);
    }

    /// <summary>How a state is marked.</summary>
    public static MarkView MarkOf(SubscriptionState state, PageTexts texts) => new(
        state switch { SubscriptionState.Active => Tone.Good, SubscriptionState.Disabled => Tone.Bad, SubscriptionState.Paused => Tone.Care, _ => Tone.Plain },
        texts.StateOf(StateNames.Of(state)));

    private Task ShowAsync(HttpContext context, HostUser user)
    {
        var (texts, query) = (StandingTexts.In(user.Language), context.Request.Query);
        var text = query["text"].ToString().Trim();
        var rows = Rows(user).Where(row => text.Length == 0 || Matches(row, text)).OrderBy(row => row.Label, StringComparer.CurrentCultureIgnoreCase).ThenBy(row => row.Href, StringComparer.Ordinal).ToList();
        var last = Math.Max(1, (rows.Count + PageSize - 1) / PageSize);
        var page = int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, last) : 1;
        var shown = rows.Skip((page - 1) * PageSize).Take(PageSize).ToList();
        var view = new SubscriptionListView
        {
            Texts = texts,
            Language = user.Language,
            Token = requests.TokenFor(context),
            Deleted = [.. access.Restorable(user).Select(hook => UndoOf(hook, texts))],
            Notice = query["notice"] == "restored" ? texts.Restored : null,
            Alarm = query["notice"].ToString() switch { "late" => texts.TooLate, "again" => texts.Notices["again"], _ => null },
            Filter = text,
            Rows = shown,
            Empty = shown.Count > 0 ? null : text.Length > 0 ? texts.NoneMatches : texts.None,
            Pages = last == 1 ? null : string.Format(CultureInfo.InvariantCulture, texts.Page, ((page - 1) * PageSize) + 1, ((page - 1) * PageSize) + shown.Count, rows.Count),
            PreviousHref = page > 1 ? Href(text, page - 1) : null,
            NextHref = page < last ? Href(text, page + 1) : null,
        };
        return drawing.DrawAsync<SubscriptionList>(context, texts.Title, view);
    }

    private async Task RestoreAsync(HttpContext context, HostUser user)
    {
        var (_, isMeant) = await requests.ReadAsync(context, user).ConfigureAwait(false);
        var hook = isMeant ? access.FindRestorable(user, context.Request.RouteValues["id"]?.ToString() ?? "") : null;
        if (hook is not null && await stored.RestoreAsync(hook.Id).ConfigureAwait(false))
        {
            context.NoteAct(AuditedHooks.SubjectOf(hook));
            PageRequests.SeeOther(context, PageRequests.Path + "?notice=restored");
        }
        else
        {
            context.NoteNoAct();
            PageRequests.SeeOther(context, PageRequests.Path + (isMeant ? "?notice=late" : "?notice=again"));
        }
    }

    // Those that were deleted for good are not listed: what is left of them is their deliveries.
    private IEnumerable<SubscriptionRow> Rows(HostUser user)
    {
        var (texts, pageTexts) = (StandingTexts.In(user.Language), PageTexts.In(user.Language));
        var hooks = settings.Current.Hooks.ToDictionary(hook => hook.Key, StringComparer.Ordinal);
        foreach (var subscription in access.ReadAll(user))
        {
            var (hook, kept) = (hooks.GetValueOrDefault(subscription.Key), access.FindStored(subscription));
            var isStored = SubscriptionAccess.IsStored(subscription.Key);
            if (isStored && kept is null)
                continue;
            yield return new SubscriptionRow
            {
                Href = PageRequests.HrefOf(subscription),
                Label = subscription.Label,
                Dialect = hook?.Dialect ?? kept?.Dialect ?? "–",
                Address = hook is null ? "–" : ShownUrl.Of(hook.Url),
                State = hook is null && kept is not null ? new MarkView(Tone.Bad, texts.Refused) : MarkOf(subscription.State, pageTexts),
                Reason = subscription.State == SubscriptionState.Active ? null : subscription.StateReason,
                Where = isStored ? kept!.Owner : texts.InFile,
                Owed = subscription.Count(DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held).ToString("N0", CultureInfo.InvariantCulture),
            };
        }
    }

    private static bool Matches(SubscriptionRow row, string text) =>
        new[] { row.Label, row.Address, row.Dialect, row.Where, row.State.Text }.Any(each => each.Contains(text, StringComparison.CurrentCultureIgnoreCase));

    private static UndoRow UndoOf(StoredHook hook, StandingTexts texts)
    {
        var label = HookForm.Find(hook.Settings, HookOptions.Label)?.ToString() ?? hook.Key;
        var until = hook.Deletion!.RemoveAt.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return new UndoRow(string.Format(CultureInfo.InvariantCulture, texts.DeletedUntil, label, until), $"{PageRequests.Path}/{hook.Id:D}/restore");
    }

    private static string Href(string text, int page) =>
        string.Create(CultureInfo.InvariantCulture, $"{PageRequests.Path}?page={page}") + (text.Length > 0 ? "&text=" + Uri.EscapeDataString(text) : "");
}
