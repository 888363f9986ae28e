using SampleHost.Api;
using SampleHost.Demo;
using SampleHost.Loading;
using SampleHost.Pages;
using SampleHost.Start;

namespace SampleHost;

/// <summary>Puts the host together. Tests start the real application in process with it.</summary>
internal static class DamApplication
{
    /// <summary>Builds the application; nothing is opened before it is started.</summary>
    /// <param name="args">The command line, such as <c>--contentRoot</c>, <c>--urls</c>, <c>--Host:DataDirectory</c>.</param>
    /// <param name="configure">Adds to the builder before it builds.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = CreateBuilder(args);
        configure?.Invoke(builder);
        var options = HostOptions.Read(builder.Configuration, builder.Environment);
        builder.Services.AddHostCore(options);
        builder.Services.AddHostApi();
        builder.Services.AddPages();
        builder.Services.AddDemo(options);
        builder.Services.AddPlugins();

        var app = builder.Build();
        app.UseTrustedProxies(options);
        app.UseHostApi();
        app.UsePages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHostApi();
        app.MapHealth();
        app.MapPages();
        app.MapDemo();
        app.MapPlugins();
        return app;
    }

    /// <summary>A builder with the host's settings, from wherever they come.</summary>
    internal static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(DamApplication).Assembly.GetName().Name,
            ContentRootPath = ContentRoot.Find(args),
        });
        if (!HostInformation.SaysWhereToListen(builder.Configuration))
            builder.WebHost.UseUrls(HostInformation.FallbackUrl);
        builder.AddSecrets();
        // Tells systemd when the host serves and when it stops; started by anything else it does nothing.
        builder.Services.AddSystemd();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }
}
