using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Writes every call that changes something into the audit list. It stands around all of the plugin's endpoints, so that none can be forgotten: an endpoint says what it
/// does (<see cref="AuditedEndpoints.Audited"/>), its handler to what (<see cref="AuditedEndpoints.NoteAct"/>); one that says nothing is written down by its path.
/// </summary>
/// <remarks>
/// The entry is on the disk before the first byte of the answer leaves: who reads that something was done finds it in the list. A call that is refused (status 400 and
/// above) did nothing, unless its handler noted an act.
/// </remarks>
internal sealed class Auditing(AuditLog log, IHostIdentity identity)
{
    /// <summary>The endpoints, watched.</summary>
    public IEndpointRouteBuilder Watch(IEndpointRouteBuilder endpoints)
    {
        var watched = endpoints.MapGroup("");
        // When all else of an endpoint is known.
        ((IEndpointConventionBuilder)watched).Finally(Surround);
        return watched;
    }

    /// <summary>Whether requests of a method may change something.</summary>
    public static bool Changes(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method);

    private void Surround(EndpointBuilder endpoint)
    {
        var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
        if ((methods.Count > 0 && !methods.Any(Changes)) || endpoint.Metadata.OfType<UnauditedCall>().Any() || endpoint.RequestDelegate is not { } next)
            return;
        var act = endpoint.Metadata.OfType<AuditedAct>().LastOrDefault()?.Name;
        endpoint.RequestDelegate = context => Changes(context.Request.Method)
            ? RunAsync(context, act ?? $"{context.Request.Method} {(endpoint as RouteEndpointBuilder)?.RoutePattern.RawText}", next)
            : next(context);
    }

    private async Task RunAsync(HttpContext context, string act, RequestDelegate next)
    {
        var note = new ActNote { Act = act };
        context.Items[typeof(ActNote)] = note;
        context.Response.OnStarting(() => WriteAsync(context, note, isAnswered: true));
        var isAnswered = false;
        try
        {
            await next(context).ConfigureAwait(false);
            isAnswered = true;
        }
        finally
        {
            // The caller may have gone meanwhile: then no answer starts.
            await WriteAsync(context, note, isAnswered).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(HttpContext context, ActNote note, bool isAnswered)
    {
        var isDone = note.IsDone ?? (isAnswered && context.Response.StatusCode < StatusCodes.Status400BadRequest);
        if (!isDone || note.IsWritten)
            return;
        note.IsWritten = true;
        var user = context.Items[typeof(Gate)] as HostUser ?? await identity.FindUserAsync(context).ConfigureAwait(false);
        if (user is not null)
            await log.WriteAsync(user, note.Act, note.Subject ?? new AuditSubject(context.Request.RouteValues["id"]?.ToString() ?? context.Request.Path.ToString()), note.Detail).ConfigureAwait(false);
    }
}

/// <summary>What a call did, as far as its handler said.</summary>
internal sealed class ActNote
{
    public required string Act { get; set; }

    public AuditSubject? Subject { get; set; }

    public string? Detail { get; set; }

    /// <summary>Whether something was done; null when the handler does not say, and the status tells.</summary>
    public bool? IsDone { get; set; }

    public bool IsWritten { get; set; }
}

/// <summary>What an endpoint does, for the audit list.</summary>
/// <param name="Name">One of <see cref="Acts"/>.</param>
internal sealed record AuditedAct(string Name);

/// <summary>That an endpoint's calls do not stand in the audit list.</summary>
/// <param name="Reason">Why not.</param>
internal sealed record UnauditedCall(string Reason);

/// <summary>How endpoints and their handlers tell the audit list what they do.</summary>
internal static class AuditedEndpoints
{
    /// <summary>Names what the endpoint does: one of <see cref="Acts"/>.</summary>
    public static IEndpointConventionBuilder Audited(this IEndpointConventionBuilder endpoint, string act) => endpoint.WithMetadata(new AuditedAct(act));

    /// <summary>Leaves the endpoint out of the list.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="reason">Why.</param>
    public static IEndpointConventionBuilder Unaudited(this IEndpointConventionBuilder endpoint, string reason) => endpoint.WithMetadata(new UnauditedCall(reason));

    /// <summary>Says that the call did what it is for, and to what. Before it answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="subject">To what.</param>
    /// <param name="detail">More of it, in a few English words; never a secret.</param>
    /// <param name="act">What was done, where the endpoint does several things.</param>
    public static void NoteAct(this HttpContext context, AuditSubject subject, string? detail = null, string? act = null)
    {
        if (NoteOf(context) is not { } note)
            return;
        (note.Subject, note.Detail, note.IsDone) = (subject, detail, true);
        note.Act = act ?? note.Act;
    }

    /// <summary>Says what the call is about; whether it did something, its status tells.</summary>
    public static void NoteSubject(this HttpContext context, AuditSubject subject)
    {
        if (NoteOf(context) is { } note)
            note.Subject = subject;
    }

    /// <summary>Says that the call did nothing that lasts, such as showing a form again.</summary>
    public static void NoteNoAct(this HttpContext context)
    {
        if (NoteOf(context) is { } note)
            note.IsDone = false;
    }

    private static ActNote? NoteOf(HttpContext context) => context.Items[typeof(ActNote)] as ActNote;
}
