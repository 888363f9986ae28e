using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Pages.Events;
using Plugin.ApiWebhooks.Pages.Subscriptions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>The first of the administrator's pages.</summary>
internal sealed class OverviewPages(
    SettingsWatcher settings,
    SettingsFile file,
    DeliveryHistory history,
    SubscriptionAccess access,
    PressLog presses,
    IHostInformation host,
    PageDrawing drawing) : IDoor
{
    private const int LatestPresses = 10;
    private const int LatestDeliveries = 20;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet(PageDrawing.Root + "/", (RequestDelegate)ShowAsync);

    private async Task ShowAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is { } user)
            await drawing.DrawAsync<OverviewPage>(context, "API Webhooks", Describe(user, PageTexts.In(user.Language))).ConfigureAwait(false);
    }

    private OverviewView Describe(HostUser user, PageTexts texts)
    {
        var (current, faults) = (settings.Current, settings.Faults);
        var isRefused = faults.Any(fault => fault.Severity == FaultSeverity.Error);
        var subscriptions = access.ReadAll(user);
        return new OverviewView
        {
            Texts = texts,
            Language = user.Language,
            ConfigPath = file.Path,
            Alarm = !settings.IsReady ? texts.NothingInForce : isRefused ? texts.Refused : null,
            Disabled = [.. subscriptions.Where(each => each.State == SubscriptionState.Disabled).Select(each => OverviewRows.SentenceOfDisabled(each, texts))],
            Faults = faults,
            Buttons = [.. current.Buttons.Select(button => OverviewRows.Of(button, texts, user.Language, host.DefaultLanguage))],
            Subscriptions =
            [
                .. subscriptions.Select(summary => OverviewRows.Of(summary, current.Hooks.FirstOrDefault(hook => hook.Key == summary.Key), access.FindStored(summary), texts)),
            ],
            Presses = [.. presses.Read(new PressFilter { Limit = LatestPresses }).Select(press => OverviewRows.Of(press, texts))],
            Deliveries = [.. history.ReadLatest(LatestDeliveries, access.Hidden(user)).Select(delivery => OverviewRows.Of(delivery, texts))],
            NewSubscription = SubscriptionTexts.In(user.Language).New,
            Events = EventTexts.In(user.Language).Title,
        };
    }
}
