using System.Net;
using Host.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Host.Tests.Start;

/// <summary>What a reverse proxy says of a request is believed when the proxy is a trusted one.</summary>
public sealed class TrustedProxiesTests
{
    // The first entry is what a client made up: the proxy appended whom it really heard.
    private const string Callers = "198.51.100.1, 203.0.113.7";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1, 127.0.0.0/8")]
    public async Task A_trusted_one_tells_scheme_name_and_caller(string proxies)
    {
        var seen = new Seen();
        await using var own = new Disposing(await StartAsync(seen, "--Host:TrustedProxies", proxies));
        var cookies = await SignInAsync(own.Host);
        Assert.Equal((IPAddress.Parse("203.0.113.7"), "https", "dam.example.org"), seen.Last);
        Assert.All(cookies, cookie => Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData]
    [InlineData("--Host:TrustedProxies", "10.0.0.0/8, ::1")]
    public async Task Nobody_else_is_believed(params string[] arguments)
    {
        var seen = new Seen();
        await using var own = new Disposing(await StartAsync(seen, arguments));
        var cookies = await SignInAsync(own.Host);
        Assert.Equal((IPAddress.Loopback, "http", own.Host.BaseUri.Authority), seen.Last);
        Assert.All(cookies, cookie => Assert.DoesNotContain("; secure", cookie, StringComparison.OrdinalIgnoreCase));
    }

    private static Task<RunningHost> StartAsync(Seen seen, params string[] arguments) =>
        RunningHost.StartAsync(builder => builder.Services.AddSingleton<IStartupFilter>(seen), arguments);

    /// <summary>Signs in through the page.</summary>
    /// <returns>The cookies that were set: of the form and of the sign-in.</returns>
    private static async Task<string[]> SignInAsync(RunningHost host)
    {
        using var browser = host.Client(null);
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", Callers);
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Host", "dam.example.org");
        using var page = await browser.GetAsync("/signin");
        var ofForm = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        var form = new Html(await page.Content.ReadAsStringAsync()).Form("/signin");
        form["name"] = "editor";
        form["password"] = RunningHost.PasswordOf("editor");
        using var post = new HttpRequestMessage(HttpMethod.Post, "/signin") { Content = new FormUrlEncodedContent(form.Values), Headers = { { "Cookie", ofForm.Split(';')[0] } } };
        using var answer = await browser.SendAsync(post);
        Assert.Equal(303, (int)answer.StatusCode);
        var ofSignIn = Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("dam=", StringComparison.Ordinal));
        return [ofForm, ofSignIn];
    }

    /// <summary>What the application took the last request for.</summary>
    private sealed class Seen : IStartupFilter
    {
        public (IPAddress? Caller, string Scheme, string Host) Last { get; private set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate rest) =>
            {
                await rest(context);
                Last = (context.Connection.RemoteIpAddress, context.Request.Scheme, context.Request.Host.Value!);
            });
            next(app);
        };
    }
}
