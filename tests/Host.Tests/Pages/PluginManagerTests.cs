using Host.Tests.Loading;

namespace Host.Tests.Pages;

/// <summary>The plugin manager and the frame around plugins' pages, with real plugins: one that runs, one with a fault, one that cannot be loaded.</summary>
public sealed class PluginManagerTests(PluginManagerTests.Setting setting) : IClassFixture<PluginManagerTests.Setting>
{
    private readonly RunningHost _host = setting.Host;

    [Fact]
    public async Task Each_plugin_is_listed_with_version_state_faults_and_what_to_do()
    {
        using var sysadmin = await PageVisitor.SignInAsync(_host, "sysadmin");
        var page = await sysadmin.GetAsync("/plugins");

        var webhooks = Section(page, "ApiWebhooks");
        Assert.Contains("Running", webhooks, StringComparison.Ordinal);
        Assert.Contains("version 0.", webhooks, StringComparison.Ordinal);
        Assert.Contains("buttons[0].url", webhooks, StringComparison.Ordinal);
        Assert.Contains("Error", webhooks, StringComparison.Ordinal);
        var future = Section(page, "FutureApi");
        Assert.Contains("Failed", future, StringComparison.Ordinal);
        Assert.Contains("this host offers", future, StringComparison.Ordinal);
        Assert.Contains("Running", Section(page, "Buttons"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_can_be_reloaded_by_those_who_may()
    {
        using var sysadmin = await PageVisitor.SignInAsync(_host, "sysadmin");
        var form = (await sysadmin.GetAsync("/plugins")).Html.Form("/plugins");
        var reload = new KeyValuePair<string, string>("reload", "Buttons");
        Assert.Equal(400, (await sysadmin.PostAsync("/plugins", [reload])).Status);
        var page = await sysadmin.FollowAsync(await sysadmin.PostAsync("/plugins", [.. form.Values, reload]));
        Assert.Contains("Plugin reloaded", page.Banner, StringComparison.Ordinal);

        var gone = await sysadmin.PostAsync("/plugins", [.. form.Values, new("reload", "Nothing")]);
        Assert.Contains("not there any more", gone.Text, StringComparison.Ordinal);
        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        var token = (await admin.GetAsync("/")).Html.Form("/signout").Values;
        Assert.Equal(403, (await admin.PostAsync("/plugins", [.. token, reload])).Status);
    }

    [Fact]
    public async Task A_plugins_page_stands_in_the_hosts_frame_and_has_a_link_in_the_navigation()
    {
        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        var page = await admin.GetAsync("/plugins/ApiWebhooks/");

        Assert.Equal(200, page.Status);
        Assert.Equal("page", page.Html.Find("a", "href", "/plugins/ApiWebhooks/")!.Attribute("aria-current"));
        Assert.NotNull(page.Html.Find("a", "href", "/plugins/ApiWebhooks/"));
        Assert.Single(page.Html.All("main"));
        Assert.Contains("sign out", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Null(page.Html.Find("a", "href", "/plugins/Buttons/"));
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        Assert.Null((await editor.GetAsync("/")).Html.Find("a", "href", "/plugins/ApiWebhooks/"));
    }

    private static string Section(PageAnswer page, string id) =>
        page.Html.All("section").First(section => section.Attribute("id") == id).Text;

    public sealed class Setting : IAsyncLifetime
    {
        public RunningHost Host { get; } = new();

        public async Task InitializeAsync()
        {
            var folder = PluginFolders.Put("Plugin.ApiWebhooks", Host.PluginsDirectory, "ApiWebhooks");
            await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), """{ "buttons": [{ "buttontext": "Broken", "url": "not an address" }] }""");
            PluginFolders.Put("Fixture.Buttons", Host.PluginsDirectory, "Buttons");
            PluginFolders.Put("Fixture.FutureApi", Host.PluginsDirectory, "FutureApi");
            await Host.InitializeAsync();
        }

        public Task DisposeAsync() => Host.DisposeAsync();
    }
}
