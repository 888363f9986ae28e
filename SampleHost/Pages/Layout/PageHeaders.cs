namespace SampleHost.Pages.Layout;

/// <summary>The headers that every answer carries. An endpoint may replace them by its own.</summary>
internal static class PageHeaders
{
    // Everything from this host and nothing else; no inline script or style.
    private const string Policy = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors ";

    public static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy + "'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }

    /// <summary>Lets a page of this host show this one in a frame.</summary>
    public static void AllowFraming(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy + "'self'";
        context.Response.Headers.XFrameOptions = "SAMEORIGIN";
    }
}
