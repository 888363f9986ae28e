using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace Dam.Hosting;

/// <summary>Puts a plugin's page into the host's own frame: header, navigation, style, footer.</summary>
public interface IPageFrame
{
    /// <summary>Writes a whole HTML page as the response. The status code is left as it is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">The page's title, plain text.</param>
    /// <param name="content">The content between header and footer, already encoded.</param>
    Task WriteAsync(HttpContext context, string title, IHtmlContent content);
}
