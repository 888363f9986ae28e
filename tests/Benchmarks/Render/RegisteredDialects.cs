using Benchmarks.Deliver;
using Benchmarks.Run;
using Dam.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks;
using Plugin.ApiWebhooks.Dialects;

namespace Benchmarks.Render;

/// <summary>The dialects as the plugin registers them, whichever they are.</summary>
internal sealed class RegisteredDialects : IDisposable
{
    private readonly RunFolder _folder = new("render");
    private readonly ServiceProvider _services;

    private RegisteredDialects()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IHostInformation, NoHost>();
        services.AddSingleton<IUserDirectory, NoUsers>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        new ApiWebhooksPlugin().ConfigureServices(
            services, new PluginContext { Id = "ApiWebhooks", Version = "0", Directory = _folder.FullPath, DataDirectory = _folder.FullPath });
        _services = services.BuildServiceProvider();
        All = [.. _services.GetServices<IDialect>()];
    }

    public IReadOnlyList<IDialect> All { get; }

    public static RegisteredDialects Load() => new();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private sealed class NoUsers : IUserDirectory
    {
        private static readonly HostUser Editor =
            new() { Id = 3, Name = "editor", DisplayName = "Ed Itor", FirstName = "Ed", LastName = "Itor", Language = "en", Roles = new HashSet<string> { "editor" } };

        public ValueTask<HostUser?> FindAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<HostUser?>(Editor);
    }
}
