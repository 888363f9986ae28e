using System.Globalization;
using Dam.Hosting;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Pages.Buttons;
using Plugin.ApiWebhooks.Pages.Deliveries;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Pages.RecordPanels;

/// <summary>
/// The panel on the host's page of a record. Administrators see its latest changes with those deliveries that they may see, and the presses; those who may edit the
/// record see the presses; others nothing.
/// </summary>
internal sealed class WebhooksPanel(IChangeLog log, ChangeDeliveries deliveries, PressLog presses, SubscriptionAccess access, IRecordReader records, PageDrawing drawing) : IRecordPageContributor
{
    private const string Title = "API Webhooks";
    private const int ChangesShown = 10;
    private const int DeliveriesShown = 5;
    private const int PressesShown = 5;

    public async ValueTask<RecordPanel?> DescribeAsync(RecordPageContext page, CancellationToken cancellationToken)
    {
        var isAdministrator = page.User.Roles.Contains(Gate.AdminRole);
        if (!isAdministrator && !records.CanEdit(page.User, page.Record))
            return null;
        var (texts, words, id) = (RecordPanelTexts.In(page.Language), PageTexts.In(page.Language), page.Record.Id);
        var pressed = presses.Read(new PressFilter { RecordId = id, Limit = PressesShown + 1 });
        if (!isAdministrator && pressed.Count == 0)
            return null;
        var changes = isAdministrator ? await log.ReadOfRecordAsync(id, null, ChangesShown, cancellationToken).ConfigureAwait(false) : null;
        var hidden = isAdministrator ? access.Hidden(page.User) : [];
        var view = new RecordPanelView
        {
            Texts = texts,
            Changes = changes is null ? null : [.. changes.Select(change => RowOf(change, hidden, page.Language, cancellationToken))],
            DeliveriesHref = isAdministrator ? string.Create(CultureInfo.InvariantCulture, $"{PageDrawing.Root}/deliveries?record={id}") : null,
            Presses = [.. pressed.Take(PressesShown).Select(press => PressRows.Of(press, words))],
            PressesHref = pressed.Count > PressesShown ? PressPages.HrefOfRecord(id) : null,
        };
        return new RecordPanel(Title, await drawing.RenderAsync<PanelContent>(view).ConfigureAwait(false));
    }

    private ChangeRow RowOf(Change change, IReadOnlyList<long> hidden, string language, CancellationToken cancellationToken)
    {
        var (texts, words, failures) = (RecordPanelTexts.In(language), PageTexts.In(language), DeliveryTexts.In(language));
        // The host waits for a short while only.
        cancellationToken.ThrowIfCancellationRequested();
        var (found, all) = deliveries.Read(change.Sequence, hidden, DeliveriesShown);
        return new ChangeRow(
            texts.Kinds.GetValueOrDefault(change.Kind, change.Kind.ToString()),
            change.Actor.UserName,
            change.OccurredAt,
            [.. found.Select(delivery => RowOf(delivery, words, failures))],
            all > found.Count ? string.Format(CultureInfo.InvariantCulture, texts.More, all - found.Count) : null);
    }

    private static ChangeDelivery RowOf(ChangeDeliveries.Found delivery, PageTexts words, DeliveryTexts failures) => new(
        string.Create(CultureInfo.InvariantCulture, $"{PageDrawing.Root}/deliveries/{delivery.Id}"),
        delivery.Subscription,
        MarkView.Of(delivery.State, words),
        delivery.Refusal is { } refusal ? failures.FailureOf(refusal) : delivery.Status?.ToString(CultureInfo.InvariantCulture) ?? (delivery.Outcome is { } outcome ? failures.FailureOf(outcome) : null));
}
