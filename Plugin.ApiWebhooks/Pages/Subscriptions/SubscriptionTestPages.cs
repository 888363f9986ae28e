using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>The page on which a message is really sent to try a subscription, with the whole exchange below. Nothing of it is kept, so it is shown in the form's own answer.</summary>
internal sealed class SubscriptionTestPages(PageRequests requests, StandingWords standing, TrialWords words, Trials trials, SubscriptionAccess access, PageDrawing drawing) : IDoor
{
    private const string One = PageRequests.Path + "/{id}/test";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(One, requests.OfOne((context, user, subscription) => DrawAsync(context, user, subscription, null, null, null)));
        endpoints.MapPost(One, requests.OfOne(SendAsync)).Audited(Acts.TestSubscription);
    }

    private async Task SendAsync(HttpContext context, HostUser user, SubscriptionSummary subscription)
    {
        context.NoteNoAct();
        var texts = TrialTexts.In(user.Language);
        var (form, isMeant) = await requests.ReadAsync(context, user).ConfigureAwait(false);
        if (form is null || !isMeant)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await DrawAsync(context, user, subscription, form, null, SubscriptionTexts.In(user.Language).OnceMore).ConfigureAwait(false);
        }
        else if (standing.HookOf(subscription) is not { } hook)
        {
            context.Response.StatusCode = StatusCodes.Status409Conflict;
            await DrawAsync(context, user, subscription, form, null, texts.NotInForce).ConfigureAwait(false);
        }
        else if (TrialWords.ReadWish(form) is not { } wish)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await DrawAsync(context, user, subscription, form, null, texts.NoNumber).ConfigureAwait(false);
        }
        else
        {
            var (trial, refusal) = await trials.SendAsync(hook, subscription.Id, wish, user, context.RequestAborted).ConfigureAwait(false);
            if (trial is not null)
                context.NoteAct(access.SubjectOf(subscription), $"{trial.Change.EventName}, {trial.Result!.Outcome}");
            else
                context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await DrawAsync(context, user, subscription, form, trial is null ? TrialWords.Refuse(refusal!, wish, null, texts) : TrialWords.Exchange(trial, texts), null).ConfigureAwait(false);
        }
    }

    private async Task DrawAsync(HttpContext context, HostUser user, SubscriptionSummary subscription, IFormCollection? form, ShownTrial? trial, string? alarm)
    {
        var (texts, hook, href) = (TrialTexts.In(user.Language), standing.HookOf(subscription), PageRequests.HrefOf(subscription));
        var view = new TestPageView
        {
            Texts = texts,
            Language = user.Language,
            Token = requests.TokenFor(context),
            Back = new PageLink(href, subscription.Label),
            Action = href + "/test",
            Choice = await words.ChoiceAsync(form, hook?.Dialect ?? "", user, context.RequestAborted).ConfigureAwait(false),
            Alarm = alarm ?? (hook is null ? texts.NotInForce : null),
            Trial = trial,
        };
        await drawing.DrawAsync<TestPage>(context, texts.Test, view).ConfigureAwait(false);
    }
}
