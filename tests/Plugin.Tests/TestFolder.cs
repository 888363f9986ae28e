using Microsoft.AspNetCore.DataProtection;

namespace Plugin.Tests;

/// <summary>The folders of one test, gone with it: the plugin's own and its data. The keys of the data protection outlive a restart, as a host's do.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("webhooks-test-");

    public TestFolder()
    {
        Plugin = _root.CreateSubdirectory("plugin").FullName;
        Data = _root.CreateSubdirectory("data").FullName;
        ConfigPath = Path.Combine(Plugin, "config.json");
    }

    public string Plugin { get; }

    public string Data { get; }

    public string ConfigPath { get; }

    public IDataProtectionProvider Protection { get; } = new EphemeralDataProtectionProvider();

    public TestFolder With(string config)
    {
        File.WriteAllText(ConfigPath, config);
        return this;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
