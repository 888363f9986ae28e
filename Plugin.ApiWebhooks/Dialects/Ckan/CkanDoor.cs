using System.Text.Json;
using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Dialects.Ckan;

/// <summary>
/// CKAN's action API, as far as webhooks go: <c>/api/action/NAME</c> and <c>/api/3/action/NAME</c>, with CKAN's envelope and its ways of refusing.
/// </summary>
/// <remarks>
/// Steps of a call, in CKAN's order:
/// <list type="number">
/// <item>Find the action; one that is not known is a bad request.</item>
/// <item>Read what it is given: a JSON object as the body of a POST, whatever its content type says; the query of a GET, for actions without side effect.</item>
/// <item>Check rights, do it, and answer.</item>
/// </list>
/// </remarks>
internal sealed partial class CkanDoor(CkanActions actions, SettingsWatcher settings, IHostIdentity identity, IHostInformation host, Gate gate, ILogger<CkanDoor> logger) : IDoor
{
    private const string HelpAction = "help_show";
    private static readonly string[] Methods = ["GET", "POST"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/api/action/{action}", Methods, (RequestDelegate)AnswerAsync).Audited(Acts.ChangeSubscription);
        endpoints.MapMethods("/api/3/action/{action}", Methods, (RequestDelegate)AnswerAsync).Audited(Acts.ChangeSubscription);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // Most actions only read, by POST too.
        context.NoteNoAct();
        var name = context.Request.RouteValues["action"]?.ToString() ?? "";
        var answer = await RunAsync(context, name).ConfigureAwait(false);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var body = answer.ToBody($"{host.BaseUri.AbsoluteUri.TrimEnd('/')}/api/3/action/{HelpAction}?name={Uri.EscapeDataString(name)}");
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<CkanAnswer> RunAsync(HttpContext context, string name)
    {
        // :: Step 1
        var action = actions.All.FirstOrDefault(each => each.Name == name);
        if (action is null && name != HelpAction)
            return new CkanAnswer.BadRequest($"Action name not known: {name}");
        // :: Step 2
        if (HttpMethods.IsGet(context.Request.Method) && action is { Act: not null })
            return new CkanAnswer.BadRequest("JSON Error: Invalid request. Please use POST method for your request");
        var (data, fault) = await CkanRequest.ReadAsync(context.Request).ConfigureAwait(false);
        if (fault is not null)
            return new CkanAnswer.BadRequest(fault);
        // :: Step 3
        if (action is null)
            return Help(data);
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return new CkanAnswer.Denied($"Action {name} requires an authenticated user");
        if (!CkanRights.MayManage(user, settings.Current.Ckan.MinimumAuth))
            return new CkanAnswer.Denied($"User {user.Name} not authorized to manage webhooks. It takes the role that ckan.minimumAuth names.");
        if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
            return new CkanAnswer.Denied("A request that is signed in by cookie must carry the page's antiforgery token. Send an API key instead.");
        try
        {
            var answer = await action.Run(user, data).ConfigureAwait(false);
            if (action.Act is { } act && answer is CkanAnswer.Done { Subject: { } subject } done)
                context.NoteAct(subject, done.Detail, act);
            return answer;
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            LogBroke(exception, name);
            return new CkanAnswer.Broken();
        }
    }

    private CkanAnswer Help(JsonElement data)
    {
        if (!data.TryGetProperty("name", out var value) || value.ValueKind != JsonValueKind.String)
            return new CkanAnswer.Invalid("name", "Missing value");
        var name = value.GetString()!;
        var help = name == HelpAction ? "Tells what an action does. name: the action." : actions.All.FirstOrDefault(each => each.Name == name)?.Help;
        return help is null ? new CkanAnswer.NotFound("Action function not found") : new CkanAnswer.Done(json => json.WriteStringValue(help));
    }

    [LoggerMessage(2610, LogLevel.Error, "CKAN's action {Action} broke.")]
    private partial void LogBroke(Exception exception, string action);
}
