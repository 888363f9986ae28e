using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The page of one subscription: how it stands, and what can be done. Those of config.json have it too; they are changed there.</summary>
internal sealed class StandingPages(
    PageRequests requests, StandingWords words, StoredHooks stored, SubscriptionAccess access, SettingsWatcher settings, HookSecrets secrets, EventPipeline events, SecretsOnce once,
    PageDrawing drawing) : IDoor
{
    private const string One = PageRequests.Path + "/{id}";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(One, requests.OfOne(ShowAsync));
        endpoints.MapPost(One + "/pause", requests.OfOne((context, user, subscription) => ActAsync(
            context, user, subscription, "paused", _ => events.Subscriptions!.PauseAsync(subscription.Id, $"Paused by {user.Name}.", context.RequestAborted)))).Audited(Acts.PauseSubscription);
        endpoints.MapPost(One + "/resume", requests.OfOne((context, user, subscription) => ActAsync(
            context, user, subscription, "resumed", form => ResumeAsync(subscription, HeldIn(form), context.RequestAborted), form => AuditedHooks.Describe(HeldIn(form))))).Audited(Acts.ResumeSubscription);
        endpoints.MapPost(One + "/rotate-secret", requests.OfOne(RotateAsync)).Audited(Acts.RotateSecret);
        endpoints.MapGet(One + "/delete", requests.OfStored((context, user, subscription, hook) => AskAsync(context, user, subscription, hook, null)));
        endpoints.MapPost(One + "/delete", requests.OfStored(DeleteAsync)).Audited(Acts.DeleteSubscription);
    }

    private Task ShowAsync(HttpContext context, HostUser user, SubscriptionSummary subscription)
    {
        var (texts, query) = (StandingTexts.In(user.Language), context.Request.Query);
        var notice = query["notice"].ToString();
        var said = texts.Notices.GetValueOrDefault(notice);
        var view = words.Describe(subscription, user, requests.TokenFor(context)) with
        {
            Notice = notice is "again" or "refused" ? null : said,
            Alarm = notice is "again" or "refused" ? said : null,
            Secret = once.Take(user, query["once"].ToString()),
        };
        return drawing.DrawAsync<StandingPage>(context, subscription.Label, view);
    }

    private async Task ActAsync(
        HttpContext context, HostUser user, SubscriptionSummary subscription, string done, Func<IFormCollection, Task<bool>> act, Func<IFormCollection, string>? describe = null)
    {
        var (form, isMeant) = await requests.ReadAsync(context, user).ConfigureAwait(false);
        var notice = form is null || !isMeant ? "again" : await act(form).ConfigureAwait(false) ? done : "refused";
        if (notice == done)
            context.NoteAct(access.SubjectOf(subscription), describe?.Invoke(form!));
        else
            context.NoteNoAct();
        PageRequests.SeeOther(context, $"{PageRequests.HrefOf(subscription)}?notice={notice}");
    }

    private Task<bool> ResumeAsync(SubscriptionSummary subscription, HeldChoice held, CancellationToken cancellationToken) =>
        held == HeldChoice.Keep && words.HookOf(subscription) is { Order: not DeliveryOrder.None }
            ? Task.FromResult(false)
            : events.Subscriptions!.ResumeAsync(subscription.Id, cancellationToken, held);

    private static HeldChoice HeldIn(IFormCollection form) => form["held"].ToString() switch { "cancel" => HeldChoice.Cancel, "keep" => HeldChoice.Keep, _ => HeldChoice.Deliver };

    private async Task RotateAsync(HttpContext context, HostUser user, SubscriptionSummary subscription)
    {
        string? shown = null;
        await ActAsync(context, user, subscription, "rotated", RotateAsync).ConfigureAwait(false);
        if (shown is not null)
            PageRequests.SeeOther(context, $"{PageRequests.HrefOf(subscription)}?notice=rotated&once={shown}");

        async Task<bool> RotateAsync(IFormCollection form)
        {
            if (words.HookOf(subscription) is not { } hook || !HookSecrets.CanRotate(hook))
                return false;
            var overlap = settings.Current.Delivery.SecretOverlap;
            var rotation = await secrets.RotateAsync(hook, overlap).ConfigureAwait(false);
            await settings.RefreshSecretsAsync().ConfigureAwait(false);
            shown = once.Keep(user, new ShownSecret(rotation.Secret?.Reveal(), rotation.Key?.PublicText, overlap > TimeSpan.Zero ? rotation.FormerValidUntil : null));
            return true;
        }
    }

    private Task AskAsync(HttpContext context, HostUser user, SubscriptionSummary subscription, StoredHook hook, string? alarm)
    {
        var (texts, href) = (SubscriptionTexts.In(user.Language), PageRequests.HrefOf(subscription));
        return drawing.DrawAsync<DeleteSubscription>(context, texts.Delete, new DeleteView(texts, user.Language, requests.TokenFor(context), subscription.Label, href + "/delete", href, hook.Version)
        {
            Owed = subscription.Count(DeliveryState.Pending, DeliveryState.InFlight, DeliveryState.Waiting, DeliveryState.Held),
            Alarm = alarm,
        });
    }

    private async Task DeleteAsync(HttpContext context, HostUser user, SubscriptionSummary subscription, StoredHook hook)
    {
        var texts = SubscriptionTexts.In(user.Language);
        var (form, isMeant) = await requests.ReadAsync(context, user).ConfigureAwait(false);
        if (form is null || !isMeant)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await AskAsync(context, user, subscription, hook, texts.OnceMore).ConfigureAwait(false);
        }
        else if (SubscriptionFormPages.VersionOf(form) != hook.Version || await stored.DeleteForNowAsync(hook, user.Name).ConfigureAwait(false) is null)
        {
            hook = stored.Find(hook.Id) ?? hook;
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            await AskAsync(context, user, subscription, hook, SubscriptionFormPages.Stale(texts, hook)).ConfigureAwait(false);
        }
        else
        {
            context.NoteAct(AuditedHooks.SubjectOf(hook));
            PageRequests.SeeOther(context, PageRequests.Path);
        }
    }
}
