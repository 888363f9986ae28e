using System.Globalization;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// Contensis' management of webhook subscriptions: <c>/api/management/projects/{project}/events/webhooks/subscriptions</c>, with and without a slash at the end.
/// </summary>
/// <param name="gate">Who is let in.</param>
/// <param name="hooks">The subscriptions.</param>
internal sealed class SubscriptionDoor(ContensisGate gate, StoredHooks hooks) : IDoor
{
    public const string Root = "/api/management/projects/{project}";

    private const string Collection = Root + "/events/webhooks/subscriptions";
    private const int DefaultPageSize = 25;
    private const int HighestPageSize = 500;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(Collection, gate.For(CreateAsync)).Audited(Acts.CreateSubscription);
        endpoints.MapGet(Collection, gate.For(ListAsync));
        endpoints.MapGet(Collection + "/{id}", gate.For(ShowAsync));
        endpoints.MapPut(Collection + "/{id}", gate.For(ReplaceAsync)).Audited(Acts.ChangeSubscription);
        endpoints.MapDelete(Collection + "/{id}", gate.For(DeleteAsync)).Audited(Acts.DeleteSubscription);
    }

    /// <summary>The subscription of a project with an id, or null.</summary>
    public static StoredHook? Find(StoredHooks hooks, string project, string id) =>
        Guid.TryParse(id, out var guid) && hooks.Find(guid) is { } hook && IsOf(hook, project) ? hook : null;

    private async Task<ContensisError?> CreateAsync(ContensisCall call)
    {
        if (!ContensisRights.May(call.User, ContensisRights.Create))
            return ContensisError.Forbidden(ContensisRights.Create);
        var (body, fault) = await RequestJson.ReadAsync(call.Context.Request).ConfigureAwait(false);
        if (fault is not null)
            return new ContensisError(400, fault);
        var request = SubscriptionRequest.Read(body, call.Project, current: null);
        if (Refuse(call.User, request) is { } refusal)
            return refusal;
        var result = await hooks.CreateAsync(new NewStoredHook(request.Settings, call.User.Name) { Scope = call.Project, Extra = request.Extra }).ConfigureAwait(false);
        if (result is not StoreResult.Stored stored)
            return Explain(result, call);
        call.Context.NoteAct(AuditedHooks.SubjectOf(stored.Hook), AuditedHooks.Describe(stored.Hook));
        call.Context.Response.StatusCode = 201;
        call.Context.Response.Headers.Location = $"{call.Context.Request.PathBase}{call.Context.Request.Path.Value!.TrimEnd('/')}/{stored.Hook.Id:D}";
        await WriteAsync(call, stored.Hook).ConfigureAwait(false);
        return null;
    }

    private async Task<ContensisError?> ListAsync(ContensisCall call)
    {
        if (!ContensisRights.May(call.User, ContensisRights.View))
            return ContensisError.Forbidden(ContensisRights.View);
        var query = call.Context.Request.Query;
        if (!TryNumber(query, "pageIndex", 0, out var index) || !TryNumber(query, "pageSize", DefaultPageSize, out var size) || size == 0)
            return new ContensisError(400, "pageIndex is a whole number from 0, and pageSize one from 1.");
        var all = hooks.All.Where(hook => IsOf(hook, call.Project)).ToList();
        // What the list of this collection looks like is documented nowhere; a client that wants an array says so.
        if (query["paged"].ToString().Equals("false", StringComparison.OrdinalIgnoreCase))
            await ContensisAnswer.WriteAsync(call.Context, json => SubscriptionView.WriteAll(json, all)).ConfigureAwait(false);
        else
            await ContensisAnswer.WriteAsync(call.Context, json => SubscriptionView.WritePage(json, all, index, Math.Min(size, HighestPageSize))).ConfigureAwait(false);
        return null;
    }

    private async Task<ContensisError?> ShowAsync(ContensisCall call)
    {
        if (!ContensisRights.May(call.User, ContensisRights.View))
            return ContensisError.Forbidden(ContensisRights.View);
        if (Find(hooks, call.Project, call.Route("id")) is not { } hook)
            return ContensisError.NoSubscription(call.Route("id"));
        await WriteAsync(call, hook).ConfigureAwait(false);
        return null;
    }

    private async Task<ContensisError?> ReplaceAsync(ContensisCall call)
    {
        if (!ContensisRights.May(call.User, ContensisRights.Update))
            return ContensisError.Forbidden(ContensisRights.Update);
        if (Find(hooks, call.Project, call.Route("id")) is not { } hook)
            return ContensisError.NoSubscription(call.Route("id"));
        var (body, fault) = await RequestJson.ReadAsync(call.Context.Request).ConfigureAwait(false);
        if (fault is not null)
            return new ContensisError(400, fault);
        var request = SubscriptionRequest.Read(body, SubscriptionView.ProjectOf(hook), hook);
        if (request.Version != hook.Version)
            return Stale(hook);
        if (Refuse(call.User, request) is { } refusal)
            return refusal;
        var edit = new StoredHookEdit(request.Settings, call.User.Name) { Extra = request.Extra, ExpectedVersion = hook.Version };
        var result = await hooks.ReplaceAsync(hook.Id, edit).ConfigureAwait(false);
        if (result is not StoreResult.Stored stored)
            return Explain(result, call);
        call.Context.NoteAct(AuditedHooks.SubjectOf(stored.Hook), AuditedHooks.DescribeChange(hook.Settings, stored.Hook.Settings));
        await WriteAsync(call, stored.Hook).ConfigureAwait(false);
        return null;
    }

    private async Task<ContensisError?> DeleteAsync(ContensisCall call)
    {
        if (!ContensisRights.May(call.User, ContensisRights.Delete))
            return ContensisError.Forbidden(ContensisRights.Delete);
        if (Find(hooks, call.Project, call.Route("id")) is not { } hook || !await hooks.DeleteAsync(hook.Id).ConfigureAwait(false))
            return ContensisError.NoSubscription(call.Route("id"));
        call.Context.NoteAct(AuditedHooks.SubjectOf(hook));
        call.Context.Response.StatusCode = 204;
        return null;
    }

    private static ContensisError? Refuse(HostUser user, SubscriptionRequest request)
    {
        if (request.HasTemplates && !ContensisRights.May(user, ContensisRights.UseCustomTemplates))
            return ContensisError.Forbidden(ContensisRights.UseCustomTemplates);
        return request.Faults.Count > 0 ? ContensisError.Invalid(request.Faults) : null;
    }

    private static ContensisError Explain(StoreResult result, ContensisCall call) => result switch
    {
        StoreResult.Refused refused => ContensisError.Invalid(
            [.. refused.Faults.Where(fault => fault.Severity == FaultSeverity.Error).Select(fault => new FieldError(FieldOf(fault), $"{fault.Message} {fault.Remedy}"))]),
        StoreResult.Stale stale => Stale(stale.Current),
        _ => ContensisError.NoSubscription(call.Route("id")),
    };

    private static ContensisError Stale(StoredHook current) => ContensisError.Invalid(
        "version.versionNo", $"The version is {VersionNo.Of(current.Version)} now. Read the subscription again, and send its version with the change.");

    // The label is made of the name.
    private static string FieldOf(PluginFault fault) => fault.Place == "label" ? "name" : fault.Place;

    private static bool IsOf(StoredHook hook, string project) =>
        hook.Dialect == "contensis" && string.Equals(SubscriptionView.ProjectOf(hook), project, StringComparison.OrdinalIgnoreCase);

    private static bool TryNumber(IQueryCollection query, string name, int otherwise, out int number)
    {
        var text = query[name].ToString();
        number = otherwise;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static Task WriteAsync(ContensisCall call, StoredHook hook) => ContensisAnswer.WriteAsync(call.Context, json => SubscriptionView.Write(json, hook));
}
