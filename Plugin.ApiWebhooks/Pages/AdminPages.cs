using System.Security.Cryptography;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Pages.Events;
using Plugin.ApiWebhooks.Pages.Subscriptions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages;

/// <summary>The administrator's pages under <c>/plugins/ApiWebhooks/</c>, drawn on the server into the host's frame.</summary>
internal sealed class AdminPages(
    IServiceProvider services,
    SettingsWatcher settings,
    SettingsFile file,
    DeliveryHistory history,
    SubscriptionAccess access,
    PressLog presses,
    IHostIdentity identity,
    IHostInformation host,
    IPageFrame frame,
    ILoggerFactory loggers)
{
    internal const string Root = "/plugins/ApiWebhooks";
    private const int LatestPresses = 10;
    private const int LatestDeliveries = 20;

    private static readonly byte[] Style = ReadStyle();
    internal static readonly string StyleHref = $"{Root}/webhooks.css?v={Convert.ToHexStringLower(SHA256.HashData(Style))[..12]}";

    /// <summary>Maps the pages.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Root + "/", (RequestDelegate)ShowOverviewAsync);
        endpoints.MapMethods(Root + "/webhooks.css", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)ServeStyleAsync);
    }

    private async Task ShowOverviewAsync(HttpContext context)
    {
        var user = await identity.FindUserAsync(context).ConfigureAwait(false);
        var texts = PageTexts.In(user?.Language ?? host.DefaultLanguage);
        if (user is null || !user.Roles.Contains("admin"))
        {
            context.Response.StatusCode = user is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
            var words = new HtmlContentBuilder().AppendHtml("<p>").Append(user is null ? texts.NotSignedIn : texts.NotAllowed).AppendHtml("</p>");
            await frame.WriteAsync(context, "API Webhooks", words).ConfigureAwait(false);
            return;
        }

        await frame.WriteAsync(context, "API Webhooks", await DrawAsync(Describe(user, texts)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private OverviewView Describe(HostUser user, PageTexts texts)
    {
        var (current, faults) = (settings.Current, settings.Faults);
        var isRefused = faults.Any(fault => fault.Severity == FaultSeverity.Error);
        var subscriptions = access.ReadAll(user);
        return new OverviewView
        {
            Texts = texts,
            ConfigPath = file.Path,
            Alarm = !settings.IsReady ? texts.NothingInForce : isRefused ? texts.Refused : null,
            Disabled = [.. subscriptions.Where(each => each.State == SubscriptionState.Disabled).Select(each => OverviewRows.SentenceOfDisabled(each, texts))],
            Faults = faults,
            Buttons = [.. current.Buttons.Select(button => OverviewRows.Of(button, texts, user.Language, host.DefaultLanguage))],
            Subscriptions =
            [
                .. subscriptions.Select(summary => OverviewRows.Of(summary, current.Hooks.FirstOrDefault(hook => hook.Key == summary.Key), access.FindStored(summary), texts)),
            ],
            Presses = [.. presses.ReadLatest(LatestPresses).Select(press => OverviewRows.Of(press, texts))],
            Deliveries = [.. history.ReadLatest(LatestDeliveries, access.Hidden(user)).Select(delivery => OverviewRows.Of(delivery, texts))],
            StyleHref = StyleHref,
            NewSubscription = SubscriptionTexts.In(user.Language).New,
            Events = EventTexts.In(user.Language).Title,
        };
    }

    private async Task<HtmlString> DrawAsync(OverviewView view)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Overview.View)] = view });
            var output = await renderer.RenderComponentAsync<Overview>(parameters).ConfigureAwait(true);
            return new HtmlString(output.ToHtmlString());
        }).ConfigureAwait(false);
    }

    private static Task ServeStyleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.ContentLength = Style.Length;
        // The address names the content.
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(Style, context.RequestAborted).AsTask();
    }

    private static byte[] ReadStyle()
    {
        using var stream = typeof(AdminPages).Assembly.GetManifestResourceStream("webhooks.css")
            ?? throw new InvalidOperationException("The assembly has no webhooks.css.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
