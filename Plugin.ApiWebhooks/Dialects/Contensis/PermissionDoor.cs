using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// Contensis' questions about permissions: <c>/api/management/projects/{project}/security/permissions/webhookSubscriptions[/{id}][/actions/{action}]</c>. Everybody
/// may ask about himself; about others, with <c>userId</c>, administrators.
/// </summary>
/// <param name="gate">Who is let in.</param>
/// <param name="hooks">The subscriptions.</param>
/// <param name="users">The users.</param>
internal sealed class PermissionDoor(ContensisGate gate, StoredHooks hooks, IUserDirectory users) : IDoor
{
    private const string Collection = SubscriptionDoor.Root + "/security/permissions/webhookSubscriptions";
    private const string Action = "/actions/{action}";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Collection, gate.For(ListAsync));
        endpoints.MapGet(Collection + Action, gate.For(AskAsync));
        endpoints.MapGet(Collection + "/{id}", gate.For(ListAsync));
        endpoints.MapGet(Collection + "/{id}" + Action, gate.For(AskAsync));
    }

    private async Task<ContensisError?> ListAsync(ContensisCall call)
    {
        var (user, error) = await FindAsync(call).ConfigureAwait(false);
        if (user is null)
            return error;
        await ContensisAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("actions"u8);
            foreach (var action in ContensisRights.Of(user))
                json.WriteStringValue(action);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
        return null;
    }

    private async Task<ContensisError?> AskAsync(ContensisCall call)
    {
        var (user, error) = await FindAsync(call).ConfigureAwait(false);
        if (user is null)
            return error;
        if (!ContensisRights.May(user, call.Route("action")))
            return new ContensisError(404, "The user is not authorized to do this with webhook subscriptions.");
        await ContensisAnswer.WriteAsync(call.Context, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("authorized"u8, true);
            json.WriteEndObject();
        }).ConfigureAwait(false);
        return null;
    }

    private async Task<(HostUser? User, ContensisError? Error)> FindAsync(ContensisCall call)
    {
        if (call.Route("id") is { Length: > 0 } id && SubscriptionDoor.Find(hooks, call.Project, id) is null)
            return (null, ContensisError.NoSubscription(id));
        var asked = call.Context.Request.Query["userId"].ToString();
        if (asked.Length == 0 || IsSame(call.User, asked))
            return (call.User, null);
        // Who may do nothing here learns nothing of others either.
        if (!ContensisRights.May(call.User, ContensisRights.View))
            return (null, new ContensisError(403, "The permissions of others are for users with the role admin."));
        var user = await users.FindAsync(asked, call.Context.RequestAborted).ConfigureAwait(false);
        return user is null ? (null, new ContensisError(404, "There is no such user. userId is the user's name.")) : (user, null);
    }

    private static bool IsSame(HostUser user, string asked) =>
        string.Equals(user.Name, asked, StringComparison.OrdinalIgnoreCase) || Guid.TryParse(asked, out var id) && id == ContensisIds.OfUser(user.Name);
}
