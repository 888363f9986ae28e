using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Pages.Audit;
using Plugin.ApiWebhooks.Track;

namespace Plugin.Tests.Audit;

/// <summary>No call that changes something can be forgotten in the audit list.</summary>
public sealed class AuditedEndpointsTests : IAsyncLifetime
{
    /// <summary>What does not stand in the list, although it is no GET: each with its reason.</summary>
    private static readonly Dictionary<string, string> Unaudited = new()
    {
        ["POST /api/webhooks/preview"] = "Nothing is stored and nothing is sent.",
        ["POST /plugins/ApiWebhooks/subscriptions/new/check"] = "Nothing is stored and nothing is sent.",
        ["POST /plugins/ApiWebhooks/subscriptions/{id}/check"] = "Nothing is stored and nothing is sent.",
        ["POST /api/management/projects/{project}/events/sse/stream"] = "It only reads.",
        ["POST /api/oauthv2/token"] = "Programs fetch a token every hour; that an application may is what was decided.",
        ["POST /api/oauthv2/revoke"] = "A program gives back its own token.",
        ["POST /authenticate/connect/token"] = "Programs fetch a token every hour; that an application may is what was decided.",
    };

    private readonly TestFolder _folder = new();
    private TestPlugin _plugin = null!;

    public async Task InitializeAsync() => _plugin = await TestPlugin.StartAsync(_folder.With("{}"));

    public async Task DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Every_endpoint_that_may_change_something_names_its_act_or_stands_on_the_list_of_those_that_do_not()
    {
        var changing = _plugin.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Where(Auditing.Changes)
                .Select(method => (Call: $"{method} {endpoint.RoutePattern.RawText}", Act: endpoint.Metadata.GetMetadata<AuditedAct>()?.Name, Why: endpoint.Metadata.GetMetadata<UnauditedCall>()?.Reason)))
            .ToList();
        Assert.True(changing.Count > 30);
        foreach (var (call, act, why) in changing)
        {
            Assert.True((act is null) != (why is null), $"{call} must say what the audit list calls it (.Audited), or why it does not stand there (.Unaudited).");
            Assert.True(act is null || Acts.All.Contains(act), $"{call} is called {act}, which is none of Acts.");
        }
        Assert.Equal(
            Unaudited.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}: {each.Value}"),
            changing.Where(each => each.Why is not null).OrderBy(each => each.Call, StringComparer.Ordinal).Select(each => $"{each.Call}: {each.Why}"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public void Every_act_has_words(string language)
    {
        var texts = AuditTexts.In(language);
        Assert.Equal(Acts.All.Order(), texts.Acts.Keys.Order());
        Assert.All(texts.Acts.Values, words => Assert.False(string.IsNullOrWhiteSpace(words)));
    }
}
