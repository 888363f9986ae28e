using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
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
        app.UseWhen(IsOurs, branch => branch.UseStatusCodePages(ExplainAsync));
    }

    // What a plugin answers below the same root is the plugin's, to the byte. Requests that met no call at all are ours too.
    private static bool IsOurs(HttpContext context) =>
        context.Request.Path.StartsWithSegments(Root)
        && (context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<HostCall>() is not null);

    private static Task ExplainAsync(StatusCodeContext status)
    {
        var request = status.HttpContext.Request;
        var problem = status.HttpContext.Response.StatusCode switch
        {
            404 => Problems.Of(404, "No such call", $"There is nothing at {request.Path}. Check the address."),
            405 => Problems.Of(405, "Method not allowed", $"{request.Method} is not possible at {request.Path}. The header Allow tells what is."),
            var other => Problems.Of(other, "Request not understood", $"{request.Method} {request.Path} was not carried out."),
        };
        return problem.ExecuteAsync(status.HttpContext);
    }

    public static void MapHostApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Root);
        api.WithMetadata(new HostCall());
        api.AddEndpointFilter(RequireCallerAsync);
        RecordCalls.Map(api);
        FileCalls.Map(api);
        FeedCalls.Map(api);
        ChangeCalls.Map(api);
        CollectionCalls.Map(api);
        UserCalls.Map(api);
        RegistrationCalls.Map(api);
        OrderCalls.Map(api);
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

/// <summary>Marks the calls of the Host API among all endpoints.</summary>
internal sealed class HostCall;

/// <summary>What calls ask of their request.</summary>
internal static class Caller
{
    /// <summary>Who calls. Only behind the check that somebody does.</summary>
    public static Dam.Hosting.HostUser User(HttpContext context) =>
        context.RequestServices.GetRequiredService<CurrentUser>().Find(context)
        ?? throw new InvalidOperationException("A call of the Host API ran without its caller having been checked.");
}
