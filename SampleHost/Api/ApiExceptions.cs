using Microsoft.AspNetCore.Diagnostics;
using SampleHost.Files;
using SampleHost.Storage;

namespace SampleHost.Api;

/// <summary>Answers what a call could not: a full disk, a body cut off, a fault of ours. Pages have their own answer.</summary>
internal sealed class ApiExceptions(Database database, ILogger<ApiExceptions> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!httpContext.Request.Path.StartsWithSegments(HostApi.Root))
            return false;
        var trouble = database.Engine.Judge(exception);
        var problem = exception switch
        {
            _ when DiskFull.Is(exception) || trouble == StorageTrouble.Full => Problems.Of(507, "No room left", "The server's disk is full. Nothing was saved. Make room, then send the request again."),
            _ when trouble == StorageTrouble.Unavailable =>
                Problems.Of(503, "Nothing can be saved now", "The host's database cannot be written. Nothing was saved. Send the request again when an administrator has mended it."),
            BadHttpRequestException bad => Problems.Of(bad.StatusCode, "Request not understood", bad.Message),
            IOException when httpContext.RequestAborted.IsCancellationRequested => Problems.BadRequest("The request was cut off. Nothing was saved."),
            _ => null,
        };
        if (problem is null)
        {
            ApiExceptionsLog.Failed(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
            problem = Problems.Of(500, "The host failed",
                "Something went wrong inside the host; nothing was saved. An administrator finds the reason in the log.",
                new Dictionary<string, object?> { ["traceId"] = httpContext.TraceIdentifier });
        }
        else
        {
            ApiExceptionsLog.Refused(logger, httpContext.Request.Method, httpContext.Request.Path, exception.Message);
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }
}

internal static partial class ApiExceptionsLog
{
    [LoggerMessage(1301, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void Failed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(1302, LogLevel.Warning, "{Method} {Path} could not be carried out: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string path, string reason);
}
