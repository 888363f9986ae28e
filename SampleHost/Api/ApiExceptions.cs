using Microsoft.AspNetCore.Diagnostics;
using SampleHost.Files;
using SampleHost.Storage;

namespace SampleHost.Api;

/// <summary>Answers what a call could not: a full disk, a body cut off, a fault of ours. Pages have their own answer.</summary>
internal sealed class ApiExceptions(Database database, ILogger<ApiExceptions> logger) : IExceptionHandler
{
    /// <summary>When a caller may try again what the storage could not do.</summary>
    public const string RetryAfterSeconds = "5";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!httpContext.Request.Path.StartsWithSegments(HostApi.Root))
            return false;
        var trouble = database.Engine.Judge(exception);
        var problem = exception switch
        {
            _ when DiskFull.Is(exception) || trouble == StorageTrouble.Full => Problems.Of(507, "No room left", "The server's disk is full. Nothing was saved. Make room, then send the request again."),
            StorageUnavailableException { MayStand: true } => Problems.Of(503, "Not known whether it was saved",
                "The host's database went away while this was saved, and whether it was saved cannot be told now. Read it before you send the request again."),
            _ when trouble == StorageTrouble.Unavailable => Problems.Of(503, "Nothing can be saved now",
                $"The host's database cannot be reached or cannot be written. Nothing was saved. Send the request again a little later.{Why(exception)}"),
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

        if (trouble == StorageTrouble.Unavailable)
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    // Our own words only: those of the database system may tell of its address.
    private static string Why(Exception exception) => exception is StorageUnavailableException ? $" {exception.Message}" : "";
}

internal static partial class ApiExceptionsLog
{
    [LoggerMessage(1301, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void Failed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(1302, LogLevel.Warning, "{Method} {Path} could not be carried out: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string path, string reason);
}
