using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SampleHost.Accounts;

namespace Host.Tests.Api;

/// <summary>Signs in without the pages: one more path in front of the application that makes the same cookie and hands out an antiforgery token.</summary>
internal sealed class CookieDoor : IStartupFilter
{
    private const string Path = "/test-signin";

    public static void Add(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter, CookieDoor>();

    /// <returns>The antiforgery token for the signed-in user.</returns>
    public static async Task<string> SignInAsync(HttpClient browser, string user)
    {
        (await browser.PostAsync($"{Path}?user={user}", null)).EnsureSuccessStatusCode().Dispose();
        return await browser.GetStringAsync(Path);
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (HttpContext context, RequestDelegate rest) =>
        {
            if (context.Request.Path != Path)
                await rest(context);
            else if (HttpMethods.IsPost(context.Request.Method))
                await SignInAsync(context);
            else
                await WriteTokenAsync(context);
        });
        next(app);
    };

    private static async Task SignInAsync(HttpContext context)
    {
        var user = context.Request.Query["user"].ToString();
        var result = await context.RequestServices.GetRequiredService<SignIn>().TryAsync(user, RunningHost.PasswordOf(user), context.RequestAborted);
        await context.SignInAsync("Cookies", ((SignInResult.SignedIn)result).Principal);
    }

    private static async Task WriteTokenAsync(HttpContext context)
    {
        context.User = (await context.AuthenticateAsync("Cookies")).Principal!;
        await context.Response.WriteAsync(context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context).RequestToken!);
    }
}
