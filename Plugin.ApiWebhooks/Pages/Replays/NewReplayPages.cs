using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Replay;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Replays;

/// <summary>The form of a new replay: choose, count, start. What is counted is a replay of its own that only counts.</summary>
internal sealed class NewReplayPages(
    EventPipeline events, SubscriptionAccess access, ReplayPages pages, Gate gate, IAntiforgery antiforgery, TimeProvider time, PageDrawing drawing) : IDoor
{
    /// <summary>Where the form is.</summary>
    public const string Path = ReplayPages.Path + "/new";

    // A usual window is counted by then, and the answer shows it at once; a longer one goes on and is looked at again.
    private static readonly TimeSpan CountPatience = TimeSpan.FromSeconds(1);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, Guarded(ShowAsync));
        endpoints.MapPost(Path, Guarded(PostAsync)).Audited(Acts.StartReplay);
    }

    private RequestDelegate Guarded(Func<HttpContext, HostUser, Task> show) => async context =>
    {
        if (await drawing.FindAdministratorAsync(context).ConfigureAwait(false) is { } user)
            await show(context, user).ConfigureAwait(false);
    };

    private Task ShowAsync(HttpContext context, HostUser user)
    {
        var query = context.Request.Query;
        var form = ReplayForm.Read(name => query[name]);
        // A link may name the subscription by its key.
        if (access.Find(user, form.Subscription) is { } subscription)
            form = form with { Subscription = subscription.Id.ToString(CultureInfo.InvariantCulture) };
        var count = long.TryParse(query["count"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && pages.Find(user, id) is { Job.IsDryRun: true } report
            && report.Job.SubscriptionId.ToString(CultureInfo.InvariantCulture) == form.Subscription
            ? report
            : null;
        return DrawAsync(context, user, form, new Dictionary<string, string>(), count, null);
    }

    private async Task PostAsync(HttpContext context, HostUser user)
    {
        var texts = ReplayTexts.In(user.Language);
        if (await ReadAsync(context).ConfigureAwait(false) is not { } posted)
        {
            await RefuseAsync(StatusCodes.Status400BadRequest, new ReplayForm(), [], texts.NotReadable).ConfigureAwait(false);
            return;
        }
        var form = ReplayForm.Read(name => posted[name]);
        if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
        {
            await RefuseAsync(StatusCodes.Status400BadRequest, form, [], texts.OnceMore).ConfigureAwait(false);
            return;
        }
        var faults = new Dictionary<string, string>();
        var subscription = access.Find(user, form.Subscription);
        if (subscription is null)
            faults["subscription"] = texts.NoSubscription;
        var (request, isCount) = (form.ToRequest(texts, faults), posted["do"] != "start");
        var job = faults.Count > 0 ? null : await BeginAsync(subscription!.Id, request! with { DryRun = isCount, By = user.Name }, context.RequestAborted).ConfigureAwait(false);
        if (job is null && faults.Count == 0)
            faults["subscription"] = texts.NotConfigured;
        if (job is null)
        {
            await RefuseAsync(StatusCodes.Status422UnprocessableEntity, form, faults, texts.Faulty).ConfigureAwait(false);
            return;
        }
        context.NoteAct(access.SubjectOfReplay(job.Id, job.SubscriptionId), ReplayNames.Of(job.Which) + (isCount ? ", counted only" : ""));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = isCount ? form.Href(job.Id) + "#count" : ReplayPages.HrefOf(job.Id);

        Task RefuseAsync(int status, ReplayForm entered, Dictionary<string, string> found, string alarm)
        {
            context.NoteNoAct();
            context.Response.StatusCode = status;
            return DrawAsync(context, user, entered, found, null, alarm);
        }
    }

    // A count that ends soon is waited for.
    private async Task<ReplayJob?> BeginAsync(long subscriptionId, ReplayRequest request, CancellationToken cancellationToken)
    {
        var (gate, ended, wanted) = (new Lock(), new HashSet<long>(), (long?)null);
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        events.Replays!.Finished += Note;
        try
        {
            if (await events.Replays.BeginAsync(subscriptionId, request, cancellationToken).ConfigureAwait(false) is not { } job)
                return null;
            if (!request.DryRun || job.State != ReplayState.Running)
                return job;
            lock (gate)
            {
                wanted = job.Id;
                if (ended.Contains(job.Id))
                    signal.TrySetResult();
            }
            await signal.Task.WaitAsync(CountPatience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return job;
        }
        finally
        {
            events.Replays.Finished -= Note;
        }

        void Note(long id)
        {
            lock (gate)
            {
                ended.Add(id);
                if (id == wanted)
                    signal.TrySetResult();
            }
        }
    }

    private Task DrawAsync(HttpContext context, HostUser user, ReplayForm form, Dictionary<string, string> faults, ReplayReport? count, string? alarm)
    {
        var (texts, words) = (ReplayTexts.In(user.Language), PageTexts.In(user.Language));
        var tokens = antiforgery.GetAndStoreTokens(context);
        var view = new NewReplayView
        {
            Texts = texts,
            Language = user.Language,
            Token = new FormToken(tokens.FormFieldName, tokens.RequestToken ?? ""),
            Subscriptions =
            [
                .. access.ReadAll(user).Where(each => each.State != SubscriptionState.Removed).OrderBy(each => each.Label, StringComparer.OrdinalIgnoreCase).Select(each => (
                    each.Id.ToString(CultureInfo.InvariantCulture),
                    each.State == SubscriptionState.Active ? each.Label : $"{each.Label} ({words.StateOf(StateNames.Of(each.State))})")),
            ],
            Form = form,
            Faults = faults,
            Count = count is null ? null : pages.RowOf(count, texts),
            Alarm = alarm,
        };
        return drawing.DrawAsync<NewReplayPage>(context, texts.New, view);
    }

    private static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException)
        {
            return null;
        }
    }
}
