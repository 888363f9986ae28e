using Microsoft.AspNetCore.Antiforgery;
using SampleHost.Accounts;

namespace SampleHost.Api;

/// <summary>The Host API: what it needs, what stands before it, and its calls.</summary>
internal static class HostApi
{
    public const string Root = "/api";

    public static void AddHostApi(this IServiceCollection services)
    {
        services.AddSingleton<Uploads>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ApiExceptions>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
    }

    /// <summary>Every error below <see cref="Root"/> is answered with problem details, also those that no call of ours made.</summary>
    public static void UseHostApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), branch => branch.UseStatusCodePages());
    }

    public static void MapHostApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Root);
        api.AddEndpointFilter(RequireCallerAsync);
        RecordCalls.Map(api);
        FileCalls.Map(api);
        FeedCalls.Map(api);
        ChangeCalls.Map(api);
        CollectionCalls.Map(api);
    }

    private static async ValueTask<object?> RequireCallerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.RequestServices.GetRequiredService<CurrentUser>().Find(context) is null)
            return Problems.Unauthorized(context);
        if (ChangesSomething(context.Request.Method) && CurrentUser.IsByCookie(context) && !await HasAntiforgeryTokenAsync(context))
            return Problems.Of(400, "Antiforgery token missing",
                "A request that is signed in by cookie must carry the page's antiforgery token in the header RequestVerificationToken. Programs send an API key instead.");
        return await next(invocation);
    }

    private static bool ChangesSomething(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    // By header only: looking for the token in a form would read a whole upload into memory first.
    private static async Task<bool> HasAntiforgeryTokenAsync(HttpContext context)
    {
        var antiforgery = context.RequestServices.GetRequiredService<IAntiforgery>();
        return context.Request.Headers.ContainsKey("RequestVerificationToken") && await antiforgery.IsRequestValidAsync(context);
    }
}

/// <summary>What calls ask of their request.</summary>
internal static class Caller
{
    /// <summary>Who calls. Only behind the check that somebody does.</summary>
    public static Dam.Hosting.HostUser User(HttpContext context) =>
        context.RequestServices.GetRequiredService<CurrentUser>().Find(context)
        ?? throw new InvalidOperationException("A call of the Host API ran without its caller having been checked.");
}
