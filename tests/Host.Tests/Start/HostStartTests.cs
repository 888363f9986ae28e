using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using SampleHost.Start;
using SampleHost.Storage;

namespace Host.Tests.Start;

public sealed class HostStartTests
{
    [Fact]
    public async Task The_host_is_ready_and_tells_of_troubled_plugins_without_being_unready()
    {
        var host = new RunningHost();
        Directory.CreateDirectory(Path.Combine(host.PluginsDirectory, "Rubbish"));
        await File.WriteAllTextAsync(Path.Combine(host.PluginsDirectory, "Rubbish", "plugin.json"), "no manifest");
        await host.InitializeAsync();
        await using var own = new Disposing(host);
        using var response = await host.Nobody.GetAsync("/healthz");
        var report = await Answer.JsonAsync(response, 200);
        Assert.Equal("ready", report.GetProperty("status").GetString());
        Assert.Equal("Rubbish", Assert.Single(report.GetProperty("plugins").EnumerateArray()).GetProperty("id").GetString());
    }

    [Trait("Storage", "sqlite")]
    [Fact]
    public async Task A_host_that_cannot_write_says_why()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        await own.Host.Get<Database>().DisposeAsync();
        using var response = await own.Host.Nobody.GetAsync("/healthz");
        var report = await Answer.JsonAsync(response, 503);
        Assert.Equal("unready", report.GetProperty("status").GetString());
        Assert.NotEmpty(report.GetProperty("reasons").EnumerateArray());
    }

    [Fact]
    public async Task The_base_address_is_where_the_server_really_listens()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        var information = own.Host.Get<HostInformation>();
        Assert.Equal(own.Host.BaseUri, information.BaseUri);
        Assert.Equal("Sample DAM", information.SiteTitle);

        await using var named = new Disposing(await RunningHost.StartAsync(arguments: ["--Host:BaseUri", "https://dam.example.org/x/", "--Host:SiteTitle=Museum"]));
        Assert.Equal("https://dam.example.org/x", named.Host.Get<HostInformation>().BaseUri.ToString());
        Assert.Equal("Museum", named.Host.Get<HostInformation>().SiteTitle);
    }

    [Theory]
    [InlineData("http://*:5080", "http://127.0.0.1:5080/")]
    [InlineData("http://0.0.0.0:5080/", "http://127.0.0.1:5080/")]
    [InlineData("http://[::]:80", "http://127.0.0.1/")]
    [InlineData("https://host:1", "https://host:1/")]
    public void An_address_to_listen_on_becomes_one_to_call(string listen, string expected) =>
        Assert.Equal(expected, HostInformation.ToUri(listen).ToString());

    [Theory]
    [InlineData("http://127.0.0.1:5080/")]
    [InlineData("http://10.0.0.1:81/", "urls", " http://10.0.0.1:81 ;http://10.0.0.2", "http_ports", "8080")]
    [InlineData("http://127.0.0.1:8080/", "http_ports", "8080;8081", "https_ports", "8443")]
    [InlineData("https://127.0.0.1:8443/", "https_ports", "8443")]
    public void Settings_say_where_the_host_is_called(string expected, params string[] settings)
    {
        var values = settings.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        Assert.Equal(expected, HostInformation.FindConfigured(configuration).ToString());
        Assert.Equal(settings.Length > 0, HostInformation.SaysWhereToListen(configuration));
    }

    [Theory]
    [InlineData("Host:BaseUri", "not an address")]
    [InlineData("Host:BaseUri", "ftp://x")]
    [InlineData("Host:Demo", "perhaps")]
    [InlineData("Host:Storage:Provider", "oracle")]
    [InlineData("Host:TrustedProxies", "proxy.example.org")]
    [InlineData("Host:TrustedProxies", "10.0.0.0/33")]
    public void A_setting_that_cannot_be_used_is_named_with_its_value(string key, string value)
    {
        var message = Assert.Throws<InvalidOperationException>(() => Read(Environments.Production, (key, value))).Message;
        Assert.Contains(key, message);
        Assert.Contains(value, message);
    }

    [Fact]
    public void Settings_have_the_defaults_of_the_documentation()
    {
        var options = Read(Environments.Production);
        Assert.Equal(Path.Combine(Path.GetTempPath(), "root", "App_Data"), options.DataDirectory);
        Assert.Equal(Path.Combine(Path.GetTempPath(), "root", "plugins"), options.PluginsDirectory);
        Assert.Equal(Path.Combine(options.DataDirectory, "files"), options.FilesDirectory);
        Assert.Empty(options.TrustedProxies);
        Assert.Equal("Sample DAM", options.SiteTitle);
        Assert.Null(options.BaseUri);
        Assert.False(options.Demo);
        Assert.True(Read(Environments.Development).Demo);
        Assert.False(Read(Environments.Development, ("Host:Demo", "false")).Demo);
    }

    private static SampleHost.HostOptions Read(string environment, params (string Key, string Value)[] settings) =>
        SampleHost.HostOptions.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build(),
            new Surroundings { EnvironmentName = environment });

    private sealed class Surroundings : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "";
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = Path.Combine(Path.GetTempPath(), "root");
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
