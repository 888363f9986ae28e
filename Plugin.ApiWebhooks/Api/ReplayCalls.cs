using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Dam.Hosting;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>The management calls for replays.</summary>
internal sealed class ReplayCalls(EventPipeline events, SubscriptionAccess access)
{
    private const int DefaultLimit = 50;
    private const int HighestLimit = 500;

    /// <summary>Maps the calls.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="root">The path of the management API.</param>
    /// <param name="guard">Lets administrators through.</param>
    public void Map(IEndpointRouteBuilder endpoints, string root, Func<RequestDelegate, RequestDelegate> guard)
    {
        endpoints.MapPost($"{root}/subscriptions/{{id}}/replay", guard(BeginAsync)).Audited(Acts.StartReplay);
        endpoints.MapGet($"{root}/replays", guard(ListAsync));
        endpoints.MapGet($"{root}/replays/{{id}}", guard(ShowAsync));
        endpoints.MapPost($"{root}/replays/{{id}}/cancel", guard(CancelAsync)).Audited(Acts.CancelReplay);
    }

    private async Task BeginAsync(HttpContext context)
    {
        var name = RouteId(context);
        if (access.Find(Gate.UserOf(context), name) is not { } subscription)
        {
            await Problem.NotFound($"There is no subscription {name}.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var (body, fault) = await JsonBody.ReadAsync(context.Request).ConfigureAwait(false);
        if (fault is not null || ReplayBody.Read(body, out fault) is not { } request)
        {
            await Problem.BadRequest(fault).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        if (await events.Replays!.BeginAsync(subscription.Id, request with { By = Gate.UserOf(context).Name }, context.RequestAborted).ConfigureAwait(false) is not { } job)
        {
            await Problem.Of(409, "Not possible", "The subscription's hook does not stand in config.json any more.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        context.NoteAct(access.SubjectOfReplay(job.Id, subscription.Id), ReplayNames.Of(request.Which) + (request.DryRun ? ", counted only" : ""));
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{ManagementApi.Root}/replays/{job.Id}");
        await ManagementApi.WriteAsync(context, ReplayView.Of(events.Replays.Find(job.Id)!), ApiJson.Readable.ReplayView).ConfigureAwait(false);
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var stateName = query["state"].ToString();
        var state = ReplayNames.FindState(stateName);
        if (!Query.TryPage(context.Request, DefaultLimit, HighestLimit, out var after, out var limit, out var fault))
            return Problem.BadRequest(fault).WriteAsync(context);
        if (stateName.Length > 0 && state is null)
            return Problem.BadRequest("The parameter state must be one of: running, done, cancelled.").WriteAsync(context);
        var name = query["subscription"].ToString();
        var subscription = name.Length == 0 ? null : access.Find(Gate.UserOf(context), name);
        if (name.Length > 0 && subscription is null)
            return Problem.NotFound($"There is no subscription {name}.").WriteAsync(context);
        var found = events.Replays!.ReadPage(after, limit + 1, state, subscription?.Id);
        var hidden = access.Hidden(Gate.UserOf(context));
        var page = found.Take(limit).Where(report => !hidden.Contains(report.Job.SubscriptionId)).Select(ReplayView.Of).ToArray();
        return ManagementApi.WriteAsync(context, new ReplayPage(page, found.Count > limit ? found[limit - 1].Job.Id : null), ApiJson.Readable.ReplayPage);
    }

    private Task ShowAsync(HttpContext context) => Find(context) is { } report
        ? ManagementApi.WriteAsync(context, ReplayView.Of(report), ApiJson.Readable.ReplayView)
        : Problem.NotFound($"There is no replay {RouteId(context)}.").WriteAsync(context);

    private async Task CancelAsync(HttpContext context)
    {
        if (Find(context) is not { } report)
            await Problem.NotFound($"There is no replay {RouteId(context)}.").WriteAsync(context).ConfigureAwait(false);
        else if (!await events.Replays!.CancelAsync(report.Job.Id).ConfigureAwait(false))
            await Problem.Of(409, "Not possible", $"The replay is {ReplayNames.Of(report.Job.State)}.").WriteAsync(context).ConfigureAwait(false);
        else
        {
            context.NoteAct(access.SubjectOfReplay(report.Job.Id, report.Job.SubscriptionId));
            await ShowAsync(context).ConfigureAwait(false);
        }
    }

    private ReplayReport? Find(HttpContext context) =>
        long.TryParse(RouteId(context), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && events.Replays!.Find(id) is { } report && !access.Hidden(Gate.UserOf(context)).Contains(report.Job.SubscriptionId)
            ? report
            : null;

    private static string RouteId(HttpContext context) => context.Request.RouteValues["id"]?.ToString() ?? "";
}
