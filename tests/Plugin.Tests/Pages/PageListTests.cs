using EndToEnd.Tests.Pages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Plugin.Tests.Pages;

/// <summary>The list of pages that the browser tests look at has all of them.</summary>
public sealed class PageListTests
{
    private static readonly string[] Roots = ["/plugins/ApiWebhooks", "/developers/", "/api/oauthv2/authorize"];

    [Fact]
    public async Task Every_mapped_page_is_on_the_list_and_every_listed_one_is_mapped()
    {
        using var folder = new TestFolder();
        await using var plugin = await TestPlugin.StartAsync(folder.With("{}"));
        var mapped = plugin.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Contains("GET"))
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(route => Roots.Any(root => route.StartsWith(root, StringComparison.Ordinal)));
        var listed = PluginPages.All.Select(page => page.Route).OfType<string>().Concat(PluginPages.Others.Keys).Distinct();
        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(PluginPages.All.Count, PluginPages.All.Select(page => page.Name).Distinct().Count());
    }
}
