using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Replays;

/// <summary>The pages of replays: all of them, and each with how far it is, its result, and a way to cancel it. What runs is drawn anew now and then by a script.</summary>
internal sealed class ReplayPages(EventPipeline events, SubscriptionAccess access, DeliveryHistory history, Gate gate, IAntiforgery antiforgery, PageDrawing drawing) : IDoor
{
    /// <summary>Where the list is.</summary>
    public const string Path = PageDrawing.Root + "/replays";

    private const int MostRunning = 100;
    private const int PageLength = 30;

    /// <summary>The page of a replay.</summary>
    public static string HrefOf(long id) => string.Create(CultureInfo.InvariantCulture, $"{Path}/{id}");

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, Guarded(ListAsync));
        endpoints.MapGet(Path + "/running", Guarded(ListRunningAsync));
        endpoints.MapGet(Path + "/{id:long}", Guarded((context, user) => OfOneAsync(context, user, report => ShowAsync(context, user, report, null))));
        endpoints.MapGet(Path + "/{id:long}/progress", Guarded((context, user) => OfOneAsync(context, user, report => ShowProgressAsync(context, user, report))));
        endpoints.MapPost(Path + "/{id:long}/cancel", Guarded((context, user) => OfOneAsync(context, user, report => CancelAsync(context, user, report)))).Audited(Acts.CancelReplay);
    }

    /// <summary>A replay in words.</summary>
    public ReplayRow RowOf(ReplayReport report, ReplayTexts texts) =>
        ReplayRows.Of(report, history.ReadSubscriptions(report.Job.SubscriptionId, report.Job.SubscriptionId) is [var subscription] ? subscription.Label : "–", texts);

    /// <summary>A replay that a user sees, or null.</summary>
    public ReplayReport? Find(HostUser user, long id) =>
        events.Replays!.Find(id) is { } report && !access.Hidden(user).Contains(report.Job.SubscriptionId) ? report : null;

    private RequestDelegate Guarded(Func<HttpContext, HostUser, Task> show) => async context =>
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is { } user)
            await show(context, user).ConfigureAwait(false);
    };

    // One that the user does not see is not there.
    private Task OfOneAsync(HttpContext context, HostUser user, Func<ReplayReport, Task> show) =>
        long.TryParse(context.Request.RouteValues["id"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Find(user, id) is { } report
            ? show(report)
            : drawing.RefuseAsync(context, StatusCodes.Status404NotFound, ReplayTexts.In(user.Language).NotThere);

    private Task ListAsync(HttpContext context, HostUser user)
    {
        var (texts, hidden) = (ReplayTexts.In(user.Language), access.Hidden(user));
        long? before = long.TryParse(context.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var ended = events.Replays!.ReadEnded(before, PageLength + 1, hidden);
        var view = new ReplayListView
        {
            Texts = texts,
            Language = user.Language,
            Running = Running(texts, hidden),
            Ended = [.. ended.Take(PageLength).Select(report => RowOf(report, texts))],
            OlderHref = ended.Count > PageLength ? string.Create(CultureInfo.InvariantCulture, $"{Path}?before={ended[PageLength - 1].Job.Id}") : null,
            NewestHref = before is null ? null : Path,
        };
        return drawing.DrawAsync<ReplayListPage>(context, texts.Title, view);
    }

    private Task ListRunningAsync(HttpContext context, HostUser user) =>
        WritePartAsync<RunningReplays>(context, Running(ReplayTexts.In(user.Language), access.Hidden(user)));

    private Task ShowProgressAsync(HttpContext context, HostUser user, ReplayReport report)
    {
        var texts = ReplayTexts.In(user.Language);
        return WritePartAsync<ReplayProgress>(context, new ProgressView(texts, RowOf(report, texts)));
    }

    private Task ShowAsync(HttpContext context, HostUser user, ReplayReport report, string? alarm)
    {
        var texts = ReplayTexts.In(user.Language);
        var tokens = antiforgery.GetAndStoreTokens(context);
        var view = new ReplayPageView
        {
            Texts = texts,
            Language = user.Language,
            Replay = RowOf(report, texts),
            Token = new FormToken(tokens.FormFieldName, tokens.RequestToken ?? ""),
            DeliveriesHref = string.Create(CultureInfo.InvariantCulture, $"{PageDrawing.Root}/deliveries?subscription={report.Job.SubscriptionId}"),
            AgainHref = ReplayForm.Of(report.Job).Href(report.Job is { IsDryRun: true, State: ReplayState.Done } ? report.Job.Id : null),
            Alarm = alarm,
        };
        return drawing.DrawAsync<ReplayPage>(context, texts.Title, view);
    }

    private async Task CancelAsync(HttpContext context, HostUser user, ReplayReport report)
    {
        var texts = ReplayTexts.In(user.Language);
        if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await ShowAsync(context, user, report, texts.OnceMore).ConfigureAwait(false);
        }
        else if (await events.Replays!.CancelAsync(report.Job.Id).ConfigureAwait(false))
        {
            context.NoteAct(access.SubjectOfReplay(report.Job.Id, report.Job.SubscriptionId));
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = HrefOf(report.Job.Id);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await ShowAsync(context, user, events.Replays.Find(report.Job.Id) ?? report, texts.NotRunning).ConfigureAwait(false);
        }
    }

    private RunningView Running(ReplayTexts texts, IReadOnlyList<long> hidden) =>
        new(texts, [.. events.Replays!.ReadRunning(MostRunning, hidden).Select(report => RowOf(report, texts))]);

    private async Task WritePartAsync<TComponent>(HttpContext context, object view)
        where TComponent : IComponent
    {
        var html = await drawing.RenderAsync<TComponent>(view).ConfigureAwait(false);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(html.Value!, context.RequestAborted).ConfigureAwait(false);
    }
}
