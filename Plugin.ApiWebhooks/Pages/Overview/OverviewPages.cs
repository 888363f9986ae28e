using System.Globalization;
using System.Text.Encodings.Web;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Nodes;
using Plugin.ApiWebhooks.Pages.Subscriptions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Overview;

/// <summary>The first of the administrator's pages: whether anything is wrong, why, and what to do.</summary>
internal sealed class OverviewPages(
    SettingsWatcher settings,
    SettingsFile file,
    FiguresReader figures,
    SubscriptionAccess access,
    EventPipeline events,
    Retention retention,
    PageDrawing drawing,
    Gate gate,
    IAntiforgery antiforgery,
    TimeProvider time) : IDoor
{
    private const string Home = PageDrawing.Root + "/";
    private const string Live = PageDrawing.Root + "/overview/live";
    private const string Resume = PageDrawing.Root + "/overview/resume";
    private const int MostDisabled = 5;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Home, (RequestDelegate)ShowAsync);
        endpoints.MapGet(Live, (RequestDelegate)ShowLiveAsync);
        endpoints.MapPost(Resume, (RequestDelegate)ResumeAsync).Audited(Acts.ResumeSubscription);
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is { } user)
            await DrawAsync(context, user, NoticeOf(context, user)).ConfigureAwait(false);
    }

    private Task DrawAsync(HttpContext context, HostUser user, MarkView? notice)
    {
        context.Response.Headers.CacheControl = "no-store";
        return drawing.DrawAsync<OverviewPage>(context, "API Webhooks", Describe(context, user) with { Notice = notice });
    }

    // The parts that change, for a page that is open already.
    private async Task ShowLiveAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var content = await drawing.RenderAsync<LiveParts>(Describe(context, user)).ConfigureAwait(false);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(text, HtmlEncoder.Default);
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task ResumeAsync(HttpContext context)
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is not { } user)
            return;
        var texts = OverviewTexts.In(user.Language);
        if (!context.Request.HasFormContentType || !await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await DrawAsync(context, user, new MarkView(Tone.Bad, texts.OnceMore)).ConfigureAwait(false);
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        if (access.Find(user, form["subscription"].ToString()) is not { } subscription)
        {
            await drawing.RefuseAsync(context, StatusCodes.Status404NotFound, SubscriptionTexts.In(user.Language).NotThere).ConfigureAwait(false);
            return;
        }
        if (!await events.Subscriptions!.ResumeAsync(subscription.Id, context.RequestAborted).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await DrawAsync(context, user, new MarkView(Tone.Bad, string.Format(CultureInfo.InvariantCulture, texts.NotResumed, subscription.Label))).ConfigureAwait(false);
            return;
        }
        context.NoteAct(access.SubjectOf(subscription));
        figures.Forget();
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{Home}?resumed={subscription.Id}");
    }

    // What was done before this page was asked for; of a subscription that the reader sees.
    private MarkView? NoticeOf(HttpContext context, HostUser user)
    {
        var resumed = context.Request.Query["resumed"].ToString();
        return resumed.Length > 0 && access.Find(user, resumed) is { State: SubscriptionState.Active } subscription
            ? new MarkView(Tone.Good, string.Format(CultureInfo.InvariantCulture, OverviewTexts.In(user.Language).Resumed, subscription.Label))
            : null;
    }

    private OverviewView Describe(HttpContext context, HostUser user)
    {
        var (texts, pageTexts, query) = (OverviewTexts.In(user.Language), PageTexts.In(user.Language), OverviewQuery.Of(context.Request.Query));
        var (read, now) = (figures.Read(), time.GetUtcNow());
        var hooks = settings.Current.Hooks.ToDictionary(hook => hook.Key, StringComparer.Ordinal);
        var all = access.ReadAll(user, read.Standing).Select(summary => new SubscriptionHealth(summary, now)).Where(each => each.IsShown).ToList();
        PluginFault[] faults = [.. settings.Faults, .. events.GetOwnFaults(), .. retention.GetFaults()];
        var refused = !settings.IsReady ? pageTexts.NothingInForce : settings.Faults.Any(fault => fault.Severity == FaultSeverity.Error) ? pageTexts.Refused : null;
        return new OverviewView
        {
            Texts = texts,
            PageTexts = pageTexts,
            Language = user.Language,
            ConfigPath = file.Path,
            ReadAt = read.ReadAt,
            Status = StatusReading.Status(all, read, faults, refused, texts),
            Figures = StatusReading.Figures(all, read, texts),
            Disabled = ListDisabled(context, all, hooks, texts, user.Language),
            Faults = faults,
            Undelivered = new UndeliveredReading(texts, FailureTexts.In(user.Language), pageTexts, now).Read(all, HrefOf),
            Subscriptions = new SubscriptionReading(user.Language, read, hooks, now).Read(all, query, HrefOf, figures.ReadHours),
            Nodes = events.Nodes is { Count: > 1 } nodes ? [.. nodes.Select(node => Draw(node, texts))] : [],
            LiveHref = Live + query.Parameters(query.Page),
            Links =
            [
                new PageLink($"{PageRequests.Path}/new", SubscriptionTexts.In(user.Language).New),
                new PageLink(Plugin.ApiWebhooks.Buttons.Import.ImportPage.Path, pageTexts.ImportButtons),
                new PageLink("/developers/applications/", pageTexts.Applications),
            ],
        };
    }

    private NodeView Draw(NodeEntry node, OverviewTexts texts)
    {
        var isSame = node.ConfigMark == settings.Mark;
        return new NodeView(
            node.Name, node.StartedAt, string.Format(CultureInfo.InvariantCulture, texts.NodeServes, node.Lanes), isSame ? texts.NodeConfigSame : texts.NodeConfigOther, isSame ? Tone.Good : Tone.Care);
    }

    private DisabledList ListDisabled(HttpContext context, List<SubscriptionHealth> all, Dictionary<string, HookSettings> hooks, OverviewTexts texts, string language)
    {
        var disabled = all.Where(each => each.IsDisabled).OrderByDescending(each => each.Held).ToList();
        if (disabled.Count == 0)
            return new DisabledList([], null, "", "");
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new DisabledList(
            [
                .. disabled.Take(MostDisabled).Select(each => new DisabledView
                {
                    Id = each.Summary.Id.ToString(CultureInfo.InvariantCulture),
                    Sentence = string.Format(CultureInfo.InvariantCulture, texts.IsDisabled, each.Summary.Label),
                    Label = each.Summary.Label,
                    Reason = StateReasons.In(language, each.Summary.StateReason),
                    FailingSince = each.Summary.FailingSince,
                    Held = each.Held > 0 ? texts.Of(texts.HeldFor, each.Held) : null,
                    Href = HrefOf(each.Summary),
                    DeliveriesHref = DeliveryLinks.Of(each.Summary.Id),
                    CanResume = hooks.ContainsKey(each.Summary.Key),
                }),
            ],
            disabled.Count > MostDisabled ? texts.Of(texts.MoreDisabled, disabled.Count - MostDisabled) : null,
            tokens.FormFieldName,
            tokens.RequestToken ?? "");
    }

    private string HrefOf(SubscriptionSummary summary) =>
        $"{PageRequests.Path}/{Uri.EscapeDataString(access.FindStored(summary)?.Id.ToString("D") ?? summary.Key)}";
}
