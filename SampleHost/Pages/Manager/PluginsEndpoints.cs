using SampleHost.Accounts;
using SampleHost.Loading;
using SampleHost.Pages.Account;
using SampleHost.Pages.Layout;
using SampleHost.Pages.Trouble;
using SampleHost.Start;

namespace SampleHost.Pages.Manager;

/// <summary>The plugin manager.</summary>
internal static class PluginsEndpoints
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/plugins", (HttpContext context, string? done, PluginRegistry plugins, HostOptions options, PageFrame frame) =>
            Draw(context, plugins, options, frame, Notices.For(done)));
        pages.MapPost("/plugins", ReloadAsync);
    }

    private static IResult Draw(HttpContext context, PluginRegistry plugins, HostOptions options, PageFrame frame, BannerView? banner)
    {
        if (!Rights.CanManagePlugins(SignedIn.User(context)))
            return Troubles.Forbidden(context, "Only system administrators see the plugin manager.");
        var problem = plugins.FolderProblem is { } fault
            ? new BannerView { Tone = BannerTone.Bad, Title = "The plugins folder cannot be read", Text = $"{fault.Reason} {fault.Remedy}" }
            : banner;
        return Page.Show<PluginsPage, PluginsView>(
            context, new PluginsView(options.PluginsDirectory, [.. plugins.List().Select(plugin => Describe(plugin, frame))], problem));
    }

    private static async Task<IResult> ReloadAsync(HttpContext context, PostedForms forms, PluginRegistry plugins)
    {
        if (!Rights.CanManagePlugins(SignedIn.User(context)))
            return Troubles.Forbidden(context, "Only system administrators may reload plugins.");
        if (await forms.ReadAsync(context) is not PostedForm.Good { Form: var form })
            return Troubles.StaleForm(context, "/plugins");
        var id = form["reload"].ToString();
        if (plugins.List().All(plugin => plugin.Id != id))
            return Troubles.Refused(context, "That plugin is not there any more.", "/plugins");
        await plugins.ReloadAsync(id, context.RequestAborted);
        var isRunning = plugins.List().Any(plugin => plugin.Id == id && plugin.State == PluginState.Running);
        return Page.SeeOther(isRunning ? "/plugins?done=reloaded" : "/plugins");
    }

    private static PluginView Describe(PluginListing plugin, PageFrame frame) => new()
    {
        Id = plugin.Id,
        Name = plugin.Name,
        Description = plugin.Description,
        Version = plugin.Version,
        State = plugin.State == PluginState.RestartNeeded ? "Restart needed" : plugin.State.ToString(),
        Tone = plugin.State switch { PluginState.Running => "good", PluginState.Failed => "bad", _ => "care" },
        Reason = plugin.Reason,
        Remedy = plugin.Remedy,
        Faults = plugin.Faults,
        LoadedAt = plugin.LoadedAt,
        Href = plugin.State == PluginState.Running ? frame.FindPagesOf(plugin.Id) : null,
    };
}
