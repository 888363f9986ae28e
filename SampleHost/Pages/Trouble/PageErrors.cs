using SampleHost.Api;
using SampleHost.Storage;

namespace SampleHost.Pages.Trouble;

/// <summary>Puts a page with plain words in place of an empty error answer, for those who read pages.</summary>
internal sealed partial class PageErrors(Database database, ILogger<PageErrors> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!ReadsPages(context.Request))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception ex) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var isAway = database.Engine.Judge(ex) == StorageTrouble.Unavailable;
            if (isAway)
                LogAway(log, context.Request.Method, context.Request.Path, ex.Message);
            else
                LogBroken(log, context.Request.Method, context.Request.Path, ex);
            // An endpoint that set headers for its own answer does not set them for this one.
            context.Response.Clear();
            if (isAway)
                context.Response.Headers.RetryAfter = ApiExceptions.RetryAfterSeconds;
            await Layout.PageHeaders.SetAsync(context, _ => isAway ? ShowAwayAsync(context, ex) : Troubles.Broken(context).ExecuteAsync(context));
            return;
        }

        if (context.Response is { HasStarted: false, ContentLength: null, ContentType: null } && Explain(context) is { } page)
            await page.ExecuteAsync(context);
    }

    private async Task ShowAwayAsync(HttpContext context, Exception exception)
    {
        var mayStand = exception is StorageUnavailableException { MayStand: true };
        try
        {
            await Troubles.Unavailable(context, mayStand).ExecuteAsync(context);
        }
        catch (Exception ex) when (!context.Response.HasStarted && database.Engine.Judge(ex) == StorageTrouble.Unavailable)
        {
            // The frame around the page wants to know who is signed in, and cannot ask either.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(
                $"The database cannot be reached now. {(mayStand ? "It is not known whether it was saved: look before you send it again" : "Nothing was saved. Try again")} a little later.",
                context.RequestAborted);
        }
    }

    private static IResult? Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Troubles.NotFound(context),
        StatusCodes.Status403Forbidden => Troubles.Forbidden(context, "Your account has no right to it. An administrator can give it to you."),
        StatusCodes.Status405MethodNotAllowed => Troubles.NotFound(context),
        StatusCodes.Status400BadRequest => Troubles.Unreadable(context, "Something in the address or the form is not as it should be."),
        StatusCodes.Status413PayloadTooLarge => Troubles.Unreadable(context, "It is too large."),
        _ => null,
    };

    // API callers get problem details from their own part of the host.
    private static bool ReadsPages(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(2102, LogLevel.Warning, "{Method} {Path} could not be carried out: {Reason}")]
    private static partial void LogAway(ILogger logger, string method, string path, string reason);

    [LoggerMessage(2101, LogLevel.Error, "{Method} {Path} broke")]
    private static partial void LogBroken(ILogger logger, string method, string path, Exception exception);
}
