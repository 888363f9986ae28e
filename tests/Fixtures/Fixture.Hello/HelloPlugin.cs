using Dam.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fixture.Hello;

/// <summary>Does a little of everything a plugin may do, by the rules that let it be unloaded.</summary>
public sealed class HelloPlugin : IHostPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton<Visits>();
        services.AddSingleton<Caller>();
        services.AddSingleton<Heart>();
        services.AddHostedService(provider => provider.GetRequiredService<Heart>());
        services.AddSingleton<IBearerTokens, HelloTokens>();
        services.AddSingleton<HelloPanel>();
        services.AddSingleton<IRecordPageContributor>(provider => provider.GetRequiredService<HelloPanel>());
        services.AddScoped<HtmlRenderer>();
        services.AddScoped<PerRequest>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, HelloJson.Default));
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/hello", HelloEndpoints.AnswerAsync);
        endpoints.MapGet("/hello/page", HelloEndpoints.RenderAsync);
        endpoints.MapPost("/hello/visits", HelloEndpoints.VisitAsync);
        endpoints.MapPost("/hello/call", HelloEndpoints.CallAsync);
        endpoints.MapPost("/hello/release", HelloEndpoints.ReleaseAsync);
        endpoints.MapPost("/hello/echo", HelloEndpoints.EchoAsync);
        endpoints.MapGet("/hello/stream", HelloEndpoints.StreamAsync);
        endpoints.MapGet("/hello/scope", HelloEndpoints.ScopeAsync);
        endpoints.MapGet("/hello/greetings/{name}", (string name) => new GreetingCard(name, Greeting.Greeter.Version));
    }

    /// <inheritdoc/>
    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<Visits>().CreateAsync();

    /// <inheritdoc/>
    public Task StopAsync(IServiceProvider services, CancellationToken drainDeadline) => Task.CompletedTask;
}
