using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Trying a hook: <c>test</c> really sends one message and answers with the whole exchange, <c>preview</c> shows what would be sent and sends nothing. Neither touches
/// the queue: nothing is retried and nothing stands in the history.
/// </summary>
internal sealed class TrialCalls(SubscriptionAccess access, StoredHooks stored, SettingsWatcher settings, Trials trials, Gate gate)
{
    /// <summary>Maps the calls.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost($"{ManagementApi.Root}/subscriptions/{{id}}/test", gate.ForAdministrators(TestAsync)).Audited(Acts.TestSubscription);
        endpoints.MapPost($"{ManagementApi.Root}/preview", gate.ForAdministrators(PreviewAsync)).Unaudited("Nothing is stored and nothing is sent.");
    }

    private async Task TestAsync(HttpContext context)
    {
        var (user, name) = (Gate.UserOf(context), context.Request.RouteValues["id"]?.ToString() ?? "");
        if (access.Find(user, name) is not { } subscription)
        {
            await Problem.NotFound($"There is no subscription {name}.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        if (settings.Current.Hooks.FirstOrDefault(each => each.Key == subscription.Key) is not { } hook)
        {
            await Problem.Of(409, "Not possible", "The subscription's hook is not in force: it was removed or deleted, or its settings are refused.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var (body, fault) = await JsonBody.ReadAsync(context.Request).ConfigureAwait(false);
        if (fault is not null || !TrialBody.TryReadWish(body, ["event", "recordId"], out var wish, out fault))
        {
            await Problem.BadRequest(fault).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var (trial, why) = await trials.SendAsync(hook, subscription.Id, wish, user, context.RequestAborted).ConfigureAwait(false);
        if (trial is null)
        {
            await Problem.Of(422, "Nothing to send", why!.Detail).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        context.NoteAct(access.SubjectOf(subscription), $"{trial.Change.EventName}, {trial.Result!.Outcome}");
        await ManagementApi.WriteAsync(context, TestView.From(trial.Change, trial.Request, trial.Result), ApiJson.Readable.TestView).ConfigureAwait(false);
    }

    private async Task PreviewAsync(HttpContext context)
    {
        var (body, fault) = await JsonBody.ReadObjectAsync(context.Request).ConfigureAwait(false);
        if (body is null || !TrialBody.TryReadPreview(body, out var given, out var wish, out fault))
        {
            await Problem.BadRequest(fault!).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var user = Gate.UserOf(context);
        var check = stored.Check(new NewStoredHook(given, user.Name));
        var view = new PreviewView { Faults = [.. check.Faults.Select(FaultView.From)] };
        if (check.Settings is { } hook)
            view = await DescribeAsync(view, Trials.WithExampleKeys(hook), wish, user, context.RequestAborted).ConfigureAwait(false);
        await ManagementApi.WriteAsync(context, view, ApiJson.Readable.PreviewView).ConfigureAwait(false);
    }

    private async Task<PreviewView> DescribeAsync(PreviewView view, HookSettings hook, TrialWish wish, HostUser user, CancellationToken cancellationToken)
    {
        var (trial, why) = await trials.ShowAsync(hook, wish, user, cancellationToken).ConfigureAwait(false);
        if (trial is null)
            return view with { Obstacle = why!.Detail };
        return view with
        {
            Event = trial.Change.EventName,
            IsExample = trial.Change.IsExample,
            PassesFilter = trial.Change.PassesFilter,
            Request = trial.Request,
            Signature = new SignatureView(
                hook.Signing.ToString().ToLowerInvariant(), StandardSignature.SignatureHeader,
                "The real signature is made at each attempt, with the hook's own secret or key pair; the one shown is made with an example's."),
        };
    }
}
