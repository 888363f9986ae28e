using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SampleHost.Pages.Layout;

/// <summary>Draws a page component as the answer to a request.</summary>
internal static class Page
{
    /// <summary>Draws a page in the frame.</summary>
    /// <param name="context">The request.</param>
    /// <param name="view">What the page shows.</param>
    /// <param name="status">The status code.</param>
    public static IResult Show<TPage, TView>(HttpContext context, TView view, int status = StatusCodes.Status200OK)
        where TPage : PageComponent<TView>
    {
        var frame = context.RequestServices.GetRequiredService<PageFrame>().Describe(context);
        return new RazorComponentResult<TPage>(new Dictionary<string, object?>
        {
            [nameof(PageComponent<TView>.Frame)] = frame,
            [nameof(PageComponent<TView>.View)] = view,
        })
        {
            StatusCode = status,
            // Whole pages: a page that cannot be drawn must become an error page, not half a page.
            PreventStreamingRendering = true,
        };
    }

    /// <summary>Sends the browser on after a form was dealt with, so that a reload repeats nothing.</summary>
    /// <param name="path">A path of this host.</param>
    public static IResult SeeOther(string path) => new SeeOtherResult(path);

    private sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
