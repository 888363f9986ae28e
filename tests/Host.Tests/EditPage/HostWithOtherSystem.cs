using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Host.Tests.Loading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Host.Tests.EditPage;

/// <summary>The real host with the product itself, whose buttons call another system that works through the Host API as the editor.</summary>
public sealed class HostWithOtherSystem : IAsyncLifetime
{
    private WebApplication _system = null!;

    public RunningHost Host { get; } = new();

    /// <summary>What arrived: path, query and body of each POST.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>How the Host API answered the other system.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _system = builder.Build();
        _system.MapPost("/{does}", HandleAsync);
        await _system.StartAsync();

        var root = _system.Urls.First();
        object Button(string text) => new { location = "edit", buttontext = text, url = $"{root}/{text.ToLowerInvariant()}?id=" };
        var config = JsonSerializer.Serialize(new
        {
            buttons = new[] { Button("Write"), Button("Delete"), Button("Hide"), Button("Fail") },
            network = new { allow = new[] { new Uri(root).Authority } },
        });
        Directory.CreateDirectory(Path.Combine(Host.PluginsDirectory, "ApiWebhooks"));
        await File.WriteAllTextAsync(Path.Combine(Host.PluginsDirectory, "ApiWebhooks", "config.json"), config);
        PluginFolders.Put("Plugin.ApiWebhooks", Host.PluginsDirectory, "ApiWebhooks");
        await Host.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _system.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context, string does)
    {
        using var reader = new StreamReader(context.Request.Body);
        Calls.Enqueue($"{context.Request.Path}{context.Request.QueryString} {await reader.ReadToEndAsync()}");
        var path = $"/api/records/{long.Parse(context.Request.Query["id"].ToString(), CultureInfo.InvariantCulture)}";
        using var answer = does switch
        {
            "write" => await Host.Editor.PatchAsJsonAsync(path, new { fields = new { location = new[] { "Written by the other system" } } }),
            "delete" => await Host.Editor.DeleteAsync(path),
            "hide" => await Host.Admin.PatchAsJsonAsync(path, new { @private = true }),
            _ => new HttpResponseMessage(System.Net.HttpStatusCode.InternalServerError),
        };
        Answers.Enqueue((int)answer.StatusCode);
        context.Response.StatusCode = answer.IsSuccessStatusCode ? 200 : 502;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync($"The API said {(int)answer.StatusCode}.");
    }
}
