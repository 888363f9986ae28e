using Dam.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Routing;
using SampleHost.Accounts;
using SampleHost.Assets;
using SampleHost.Loading;

namespace SampleHost.Pages.Layout;

/// <summary>The frame around every page, for the host's own pages and for those of plugins.</summary>
internal sealed class PageFrame(
    IHostInformation host, SiteAssets assets, IAntiforgery antiforgery, CurrentUser currentUser, PluginRegistry plugins, EndpointDataSource endpoints,
    IServiceScopeFactory scopes, HostOptions options) : IPageFrame
{
    private static readonly string[] StyleSheets = ["base.css", "frame.css", "parts.css", "forms.css"];

    /// <summary>What the frame shows for a request. Call it before the response has started: it may set the antiforgery cookie.</summary>
    public FrameView Describe(HttpContext context)
    {
        var user = currentUser.Find(context);
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new FrameView
        {
            SiteTitle = host.SiteTitle,
            Version = host.Version,
            User = user,
            Navigation = user is null ? [] : Navigation(user, context.Request.Path),
            Styles = [.. StyleSheets.Select(assets.Href)],
            Script = assets.Href("site.js"),
            Icon = assets.Href("icon.svg"),
            Token = new FormToken(tokens.FormFieldName, tokens.RequestToken!),
            Path = context.Request.Path,
        };
    }

    public async Task WriteAsync(HttpContext context, string title, IHtmlContent content)
    {
        // A plugin's request has the plugin's own container; the frame is drawn with the host's.
        var pluginServices = context.RequestServices;
        await using var scope = scopes.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            await Page.Show<PluginPage, PluginPageView>(context, new PluginPageView(title, content), context.Response.StatusCode).ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = pluginServices;
        }
    }

    /// <summary>The address of a running plugin's own pages, or null when it has none.</summary>
    public string? FindPagesOf(string pluginId)
    {
        var root = $"/plugins/{pluginId}";
        return endpoints.Endpoints.OfType<RouteEndpoint>()
            .Any(endpoint => root.Equals(endpoint.RoutePattern.RawText?.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) ? root + "/" : null;
    }

    private List<NavigationLink> Navigation(HostUser user, PathString path)
    {
        var links = new List<NavigationLink> { new("/", "Records", path == "/" || path.StartsWithSegments("/records") || path.StartsWithSegments("/files") || path.StartsWithSegments("/upload")) };
        if (user.Roles.Contains(Roles.Admin))
        {
            foreach (var plugin in plugins.List())
            {
                if (FindPagesOf(plugin.Id) is { } href)
                    links.Add(new NavigationLink(href, plugin.Name, path.StartsWithSegments($"/plugins/{plugin.Id}")));
            }
        }

        if (options.Demo && user.Roles.Contains(Roles.Editor))
            links.Add(new NavigationLink("/demo/cms", "Demo CMS", path.StartsWithSegments("/demo/cms")));
        links.Add(new NavigationLink("/desk", "Desk", path.StartsWithSegments("/desk")));
        if (Rights.CanManageUsers(user))
            links.Add(new NavigationLink("/users", "Users", path.StartsWithSegments("/users")));
        if (Rights.CanManagePlugins(user))
            links.Add(new NavigationLink("/plugins", "Plugins", path == "/plugins"));
        return links;
    }
}
