using Dam.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Api;

namespace Plugin.ApiWebhooks.Pages;

/// <summary>Draws a component into the host's frame, for those who may see it.</summary>
internal sealed class PageDrawing(IServiceProvider services, IHostIdentity identity, IHostInformation host, IPageFrame frame, ILoggerFactory loggers)
{
    /// <summary>Where the pages are.</summary>
    public const string Root = "/plugins/ApiWebhooks";

    /// <summary>The administrator who asks; null when it is none, who has been answered so then.</summary>
    public async Task<HostUser?> FindAdministratorAsync(HttpContext context)
    {
        if (await FindUserAsync(context).ConfigureAwait(false) is not { } user)
            return null;
        if (user.Roles.Contains(Gate.AdminRole))
            return user;
        await RefuseAsync(context, StatusCodes.Status403Forbidden, PageTexts.In(user.Language).NotAllowed).ConfigureAwait(false);
        return null;
    }

    /// <summary>The user who asks; null when nobody is signed in, which has been answered then.</summary>
    public async Task<HostUser?> FindUserAsync(HttpContext context)
    {
        if (await identity.FindUserAsync(context).ConfigureAwait(false) is { } user)
            return user;
        await RefuseAsync(context, StatusCodes.Status401Unauthorized, PageTexts.In(host.DefaultLanguage).NotSignedIn).ConfigureAwait(false);
        return null;
    }

    /// <summary>Answers with a few words in place of a page.</summary>
    public Task RefuseAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        return frame.WriteAsync(context, "API Webhooks", new HtmlContentBuilder().AppendHtml("<p>").Append(words).AppendHtml("</p>"));
    }

    /// <summary>Answers with a component that takes what it shows as <c>View</c>.</summary>
    public async Task DrawAsync<TComponent>(HttpContext context, string title, object view)
        where TComponent : IComponent =>
        await frame.WriteAsync(context, title, await RenderAsync<TComponent>(view).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>A component that takes what it shows as <c>View</c>, without the frame: a part of a page that is sent by itself.</summary>
    public async Task<HtmlString> RenderAsync<TComponent>(object view)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var output = await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(new Dictionary<string, object?> { ["View"] = view })).ConfigureAwait(true);
            return new HtmlString(output.ToHtmlString());
        }).ConfigureAwait(false);
    }
}
