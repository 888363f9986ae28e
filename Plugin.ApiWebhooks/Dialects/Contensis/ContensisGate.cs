using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Api;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>Lets callers in, and tells those who may not, and every fault, in Contensis' words.</summary>
/// <param name="identity">Who calls.</param>
/// <param name="gate">Whether a request was meant.</param>
/// <param name="logger">Where the ids of errors are found again.</param>
internal sealed partial class ContensisGate(IHostIdentity identity, Gate gate, ILogger<ContensisGate> logger)
{
    private const int LongestProject = 64;

    /// <summary>A handler for whoever is signed in, in a project; it returns what is wrong, or null when it answered.</summary>
    public RequestDelegate For(Func<ContensisCall, Task<ContensisError?>> handler) => async context =>
    {
        ContensisError? error;
        try
        {
            error = await AnswerAsync(context, handler).ConfigureAwait(false);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            // Whatever it is, the caller reads an error in the form he knows, and the log has the rest.
            var failed = Guid.NewGuid();
            LogFailed(exception, failed, context.Request.Method);
            await new ContensisError(500, "The request failed. The log of the host has the details under the logId.").WriteAsync(context, failed).ConfigureAwait(false);
            return;
        }
        if (error is null)
            return;
        var logId = Guid.NewGuid();
        LogRefused(logId, context.Request.Method, error.Status, error.Message);
        await error.WriteAsync(context, logId).ConfigureAwait(false);
    };

    private async Task<ContensisError?> AnswerAsync(HttpContext context, Func<ContensisCall, Task<ContensisError?>> handler)
    {
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return ContensisError.NotSignedIn;
        if (!await gate.IsMeantAsync(context, user).ConfigureAwait(false))
            return ContensisError.NotMeant;
        var project = context.Request.RouteValues["project"]?.ToString() ?? "";
        // Any name will do: a host has no projects, and subscriptions are grouped by what their clients call theirs.
        if (project.Length is 0 or > LongestProject || !project.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return new ContensisError(404, "There is no such project. A project's id has letters, digits, hyphens, underscores and full stops, 64 at most.");
        return await handler(new ContensisCall(context, user, project)).ConfigureAwait(false);
    }

    [LoggerMessage(2601, LogLevel.Information, "A call of the Contensis API was refused ({LogId}): {Method}, {Status}, {Reason}")]
    private partial void LogRefused(Guid logId, string method, int status, string reason);

    [LoggerMessage(2602, LogLevel.Error, "A call of the Contensis API failed ({LogId}): {Method}")]
    private partial void LogFailed(Exception exception, Guid logId, string method);
}

/// <summary>A call that was let in.</summary>
/// <param name="Context">The request.</param>
/// <param name="User">Who calls.</param>
/// <param name="Project">The project of the path.</param>
internal sealed record ContensisCall(HttpContext Context, HostUser User, string Project)
{
    /// <summary>A value of the path.</summary>
    public string Route(string name) => Context.Request.RouteValues[name]?.ToString() ?? "";
}
