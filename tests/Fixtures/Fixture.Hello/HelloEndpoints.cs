using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Dam.Hosting;
using Greeting;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fixture.Hello;

internal sealed record GreetingCard(string Name, string Text);

[JsonSerializable(typeof(GreetingCard))]
internal sealed partial class HelloJson : JsonSerializerContext;

/// <summary>Lives as long as one request.</summary>
internal sealed class PerRequest
{
    public Guid Id { get; } = Guid.NewGuid();
}

internal static partial class HelloEndpoints
{
    /// <summary>Tells the version of the plugin, of its private dependency, and of the native library in its folder.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        var plugin = context.RequestServices.GetRequiredService<PluginContext>();
        var native = Marshal.PtrToStringUTF8(SqliteVersion());
        return context.Response.WriteAsync($"Hello {plugin.Version}, {Greeter.Version}, sqlite {native}, {typeof(Greeter).Assembly.GetName().Version}");
    }

    /// <summary>Renders a Razor component.</summary>
    public static async Task RenderAsync(HttpContext context)
    {
        var renderer = context.RequestServices.GetRequiredService<HtmlRenderer>();
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<HelloPage>(
                ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(HelloPage.Name)] = "<world>" }));
            return root.ToHtmlString();
        });
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html);
    }

    /// <summary>Writes to the plugin's own database.</summary>
    public static async Task VisitAsync(HttpContext context)
    {
        var visits = context.RequestServices.GetRequiredService<Visits>();
        await context.Response.WriteAsync($"{await visits.AddAsync()}");
    }

    /// <summary>Sends a POST to the address in the query and tells the status of the answer.</summary>
    public static async Task CallAsync(HttpContext context)
    {
        var caller = context.RequestServices.GetRequiredService<Caller>();
        await context.Response.WriteAsync(await caller.PostAsync(context.Request.Query["url"]!, context.RequestAborted));
    }

    /// <summary>Answers with the body, once it has come to its end.</summary>
    public static async Task EchoAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<Heart>().SawEcho();
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        await context.Response.WriteAsync($"echo {text}");
    }

    /// <summary>Lets the panels go on that wait.</summary>
    public static Task ReleaseAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<HelloPanel>().Release();
        return Task.CompletedTask;
    }

    /// <summary>Streams events until told to stop.</summary>
    public static async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        var ended = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(ended.SetResult);
        await context.Response.WriteAsync("data: begin\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await ended.Task;
        await context.Response.WriteAsync("data: end\n\n");
    }

    /// <summary>Tells whose container the request runs in.</summary>
    public static Task ScopeAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var same = ReferenceEquals(services.GetRequiredService<PerRequest>(), services.GetRequiredService<PerRequest>());
        var own = Assembly.GetExecutingAssembly().GetName().Name;
        return context.Response.WriteAsync($"{own} {services.GetRequiredService<PluginContext>().Id} {same}");
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_libversion")]
    private static partial nint SqliteVersion();
}
