using System.Globalization;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// The management calls that make, change and delete subscriptions: entries of <c>hooks[]</c> in their dialect's own words. Those of config.json are read here and
/// changed there.
/// </summary>
internal sealed class SubscriptionCalls(StoredHooks stored, SubscriptionAccess access, HookOptionTables options, SettingsWatcher settings, Gate gate)
{
    /// <summary>Maps the calls.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        const string One = $"{ManagementApi.Root}/subscriptions/{{id}}";
        endpoints.MapPost($"{ManagementApi.Root}/subscriptions", gate.ForAdministrators(CreateAsync)).Audited(Acts.CreateSubscription);
        endpoints.MapPut(One, gate.ForAdministrators(context => SaveAsync(context, merges: false))).Audited(Acts.ChangeSubscription);
        endpoints.MapPatch(One, gate.ForAdministrators(context => SaveAsync(context, merges: true))).Audited(Acts.ChangeSubscription);
        endpoints.MapDelete(One, gate.ForAdministrators(DeleteAsync)).Audited(Acts.DeleteSubscription);
        endpoints.MapPost(One + "/restore", gate.ForAdministrators(RestoreAsync)).Audited(Acts.RestoreSubscription);
    }

    /// <summary>Sets the ETag of a stored hook.</summary>
    public static void SetTag(HttpContext context, StoredHook? hook)
    {
        if (hook is not null)
            context.Response.Headers.ETag = TagOf(hook.Version);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var (body, fault) = await JsonBody.ReadObjectAsync(context.Request).ConfigureAwait(false);
        if (body is null)
        {
            await Problem.BadRequest(fault!).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var result = FindStars(body) is { Count: > 0 } stars
            ? new StoreResult.Refused(stars)
            : await stored.CreateAsync(new NewStoredHook(body, Gate.UserOf(context).Name)).ConfigureAwait(false);
        if (result is not StoreResult.Stored made)
        {
            await AnswerAsync(context, result).ConfigureAwait(false);
            return;
        }
        context.NoteAct(AuditedHooks.SubjectOf(made.Hook), AuditedHooks.Describe(made.Hook));
        context.Response.StatusCode = StatusCodes.Status201Created;
        // The one answer with a secret in it.
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, made.Hook, settings.Current.Hooks.FirstOrDefault(hook => hook.Key == made.Hook.Key)?.Secret?.Reveal()).ConfigureAwait(false);
    }

    private async Task SaveAsync(HttpContext context, bool merges)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } hook)
            return;
        var (body, fault) = await JsonBody.ReadObjectAsync(context.Request).ConfigureAwait(false);
        if (body is null || !TryReadVersion(context, hook, out var version, out fault))
        {
            await Problem.BadRequest(fault!).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        var known = options.Of(hook.Dialect);
        var whole = SettingsMask.Unmask(merges ? Merge(SettingsMask.Mask(hook.Settings, known), body) : body, hook.Settings, known);
        if (FindStars(whole) is { Count: > 0 } stars)
        {
            await AnswerAsync(context, new StoreResult.Refused(stars)).ConfigureAwait(false);
            return;
        }
        var edit = new StoredHookEdit(whole, Gate.UserOf(context).Name) { Extra = hook.Extra, ExpectedVersion = version };
        var result = await stored.ReplaceAsync(hook.Id, edit).ConfigureAwait(false);
        if (result is StoreResult.Stored saved)
            context.NoteAct(AuditedHooks.SubjectOf(saved.Hook), AuditedHooks.DescribeChange(hook.Settings, saved.Hook.Settings));
        await AnswerAsync(context, result).ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is not { } hook)
            return;
        if (!TryReadVersion(context, hook, out var version, out var fault))
            await Problem.BadRequest(fault!).WriteAsync(context).ConfigureAwait(false);
        else if (version is { } expected && expected != hook.Version)
            await AnswerAsync(context, new StoreResult.Stale(hook)).ConfigureAwait(false);
        else if (await stored.DeleteForNowAsync(hook, Gate.UserOf(context).Name).ConfigureAwait(false) is not null)
        {
            context.NoteAct(AuditedHooks.SubjectOf(hook));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
            await AnswerAsync(context, stored.Find(hook.Id) is { } current ? new StoreResult.Stale(current) : new StoreResult.NotFound()).ConfigureAwait(false);
    }

    private async Task RestoreAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["id"]?.ToString() ?? "";
        if (access.FindRestorable(Gate.UserOf(context), name) is { } hook && await stored.RestoreAsync(hook.Id).ConfigureAwait(false) && stored.Find(hook.Id) is { } restored)
        {
            context.NoteAct(AuditedHooks.SubjectOf(restored));
            await WriteAsync(context, restored, null).ConfigureAwait(false);
        }
        else
            await Problem.NotFound($"There is no deleted subscription {name}, or its time to come back is over.").WriteAsync(context).ConfigureAwait(false);
    }

    // The stored hook that the address names; where it is none the reason is answered.
    private async Task<StoredHook?> FindAsync(HttpContext context)
    {
        var name = context.Request.RouteValues["id"]?.ToString() ?? "";
        if (access.Find(Gate.UserOf(context), name) is not { } subscription)
        {
            await Problem.NotFound($"There is no subscription {name}.").WriteAsync(context).ConfigureAwait(false);
            return null;
        }
        if (access.FindStored(subscription) is { } hook)
            return hook;
        var problem = SubscriptionAccess.IsStored(subscription.Key)
            ? Problem.NotFound($"The subscription {name} was deleted.")
            : Problem.Of(409, "Not possible", $"The subscription stands in config.json: change or remove there the entry of hooks[] with the key \"{subscription.Key}\". A saved edit is in force within two seconds.");
        await problem.WriteAsync(context).ConfigureAwait(false);
        return null;
    }

    private Task AnswerAsync(HttpContext context, StoreResult result)
    {
        switch (result)
        {
            case StoreResult.Stored made:
                return WriteAsync(context, made.Hook, null);
            case StoreResult.Refused refused:
                return (Problem.Of(422, "Settings refused", "The settings have faults; nothing was stored.") with { Faults = [.. refused.Faults.Select(FaultView.From)] }).WriteAsync(context);
            case StoreResult.Stale stale:
                SetTag(context, stale.Current);
                return Problem.Of(412, "Saved meanwhile", $"The subscription was saved by {stale.Current.ModifiedBy} meanwhile: it is version {stale.Current.Version} now. Read it again and repeat your change.")
                    .WriteAsync(context);
            default:
                return Problem.NotFound("The subscription was deleted meanwhile.").WriteAsync(context);
        }
    }

    private Task WriteAsync(HttpContext context, StoredHook hook, string? secret)
    {
        var summary = access.Find(Gate.UserOf(context), hook.Key) ?? throw new InvalidOperationException($"The hook {hook.Key} has no subscription.");
        SetTag(context, hook);
        if (context.Response.StatusCode == StatusCodes.Status201Created)
            context.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{ManagementApi.Root}/subscriptions/{summary.Id}");
        var view = SubscriptionView.From(summary, settings.Current.Hooks.FirstOrDefault(each => each.Key == hook.Key), hook) with
        {
            Settings = SettingsMask.Mask(hook.Settings, options.Of(hook.Dialect)),
            Secret = secret,
        };
        return ManagementApi.WriteAsync(context, view, ApiJson.Readable.SubscriptionView);
    }

    private IReadOnlyList<PluginFault> FindStars(JsonObject given) =>
    [
        .. SettingsMask.FindStars(given, options.Of(given["dialect"]?.ToString())).Select(place => new PluginFault(
            FaultSeverity.Error, place, $"{place} is {SettingsMask.Stars}, and nothing is kept in its place: nothing is stored there, or the address leads to another server now.", "Write the value.")),
    ];

    // RFC 7396: what is null is removed, objects are merged, everything else is replaced.
    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            var name = target.Select(each => each.Key).FirstOrDefault(each => each.Equals(key, StringComparison.OrdinalIgnoreCase)) ?? key;
            if (value is null)
                target.Remove(name);
            else
                target[name] = value is JsonObject inner ? Merge(target[name]?.DeepClone() as JsonObject ?? [], inner) : value.DeepClone();
        }
        return target;
    }

    private static bool TryReadVersion(HttpContext context, StoredHook hook, out int? version, out string? fault)
    {
        (version, fault) = (null, null);
        var text = context.Request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text.Trim() == "*")
            return true;
        if (!EntityTagHeaderValue.TryParseStrictList([text], out var tags))
        {
            fault = "The header If-Match must be an ETag that a GET of the subscription gave.";
            return false;
        }
        // A tag of none of its versions is an old one.
        version = tags.Any(tag => tag.Tag == TagOf(hook.Version)) ? hook.Version : -1;
        return true;
    }

    private static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
