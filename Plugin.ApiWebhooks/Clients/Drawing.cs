using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Logging;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>Draws a component with a parameter called View.</summary>
/// <param name="services">The plugin's container.</param>
/// <param name="loggers">For the renderer.</param>
internal sealed class Drawing(IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>The HTML of a component.</summary>
    /// <typeparam name="TComponent">The component.</typeparam>
    /// <param name="view">What it shows.</param>
    public async Task<HtmlString> DrawAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TComponent>(object view)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["View"] = view });
            var output = await renderer.RenderComponentAsync<TComponent>(parameters).ConfigureAwait(true);
            return new HtmlString(output.ToHtmlString());
        }).ConfigureAwait(false);
    }
}
