namespace Loading.Tests;

/// <summary>One host with a sound plugin and with every kind of plugin that cannot be run.</summary>
public sealed class ManyFailures : IAsyncLifetime
{
    private const string Api = """ "hostApi": { "lowest": "1.0", "highest": "1.0" } """;

    /// <summary>By where <c>Fixture.Throws</c> fails, what the listing says.</summary>
    private static readonly Dictionary<string, string> s_throws = new()
    {
        ["Constructor"] = "The constructor of ThrowsPlugin threw InvalidOperationException: Fixture.Throws in Constructor",
        ["ConfigureServices"] = "ConfigureServices threw InvalidOperationException: Fixture.Throws in ConfigureServices",
        ["Missing"] = "Building the plugin's services threw AggregateException",
        ["SaveHook"] = "Building the plugin's services threw InvalidOperationException: Fixture.Throws in SaveHook",
        ["MapEndpoints"] = "MapEndpoints threw InvalidOperationException: Fixture.Throws in MapEndpoints",
        ["HostRoute"] = "The endpoint \"GET /healthz\" is already answered by the host.",
        ["OtherPluginsRoute"] = "The endpoint \"GET /HELLO/greetings/{other}\" is already answered by plugin Hello.",
        ["OwnRoute"] = "The endpoint \"GET /throws/OwnRoute\" is already answered by the plugin itself.",
        ["StartAsync"] = "StartAsync threw InvalidOperationException: Fixture.Throws in StartAsync",
        ["HostedService"] = "Starting the hosted services threw InvalidOperationException: Fixture.Throws in HostedService",
    };

    /// <summary>By plugin id, the text of its manifest and what the listing says.</summary>
    private static readonly Dictionary<string, (string Manifest, string Reason)> s_manifests = new()
    {
        ["NotJson"] = ("{", "plugin.json is not a valid manifest"),
        ["Null"] = (
            "null",
            "plugin.json is not a valid manifest: it holds only null"),
        ["AList"] = (
            "[1]",
            "plugin.json is not a valid manifest"),
        ["TooLittle"] = (
            """{ "id": "TooLittle" }""",
            "plugin.json is not a valid manifest: JSON deserialization for type 'Dam.Hosting.PluginManifest' was missing required properties"),
        ["NullVersion"] = (
            $$"""{ "id": "NullVersion", "version": null, "entryAssembly": "x.dll", {{Api}} }""",
            "plugin.json is not a valid manifest"),
        ["OddVersion"] = (
            $$"""{ "id": "OddVersion", "version": "one", "entryAssembly": "x.dll", {{Api}} }""",
            "plugin.json: version \"one\" is not major.minor.patch."),
        ["OddApi"] = (
            """{ "id": "OddApi", "version": "1.0.0", "entryAssembly": "x.dll", "hostApi": {"lowest": "1", "highest": "x"} }""",
            "plugin.json: hostApi \"1\" to \"x\" are not versions."),
        ["OtherId"] = (
            $$"""{ "id": "Other", "version": "1.0.0", "entryAssembly": "x.dll", {{Api}} }""",
            "plugin.json: id \"Other\" is not the folder's name \"OtherId\"."),
        ["HostileId"] = (
            $$"""{ "id": "../x", "version": "1.0.0", "entryAssembly": "x.dll", {{Api}} }""",
            "plugin.json: id \"../x\" has characters"),
        ["PathAsEntry"] = (
            $$"""{ "id": "PathAsEntry", "version": "1.0.0", "entryAssembly": "../x.dll", {{Api}} }""",
            "plugin.json: entryAssembly \"../x.dll\" is not a plain file name."),
        ["MissingEntry"] = (
            $$"""{ "id": "MissingEntry", "version": "1.0.0", "entryAssembly": "x.dll", {{Api}} }""",
            "The entry assembly x.dll is not in the folder."),
        ["NoPluginInside"] = (
            $$"""{ "id": "NoPluginInside", "version": "1.0.0", "entryAssembly": "Greeting.dll", {{Api}} }""",
            "Greeting.dll has no public class that implements IHostPlugin"),
        ["NotAnAssembly"] = (
            $$"""{ "id": "NotAnAssembly", "version": "1.0.0", "entryAssembly": "Fixture.Hello.deps.json", {{Api}} }""",
            "Fixture.Hello.deps.json is not a .NET assembly"),
        ["OldApi"] = (
            """{ "id": "OldApi", "version": "1.0.0", "entryAssembly": "Fixture.Hello.dll", "hostApi": {"lowest": "0.1", "highest": "0.9"} }""",
            "The plugin is built for host API 0.1 to 0.9; this host offers 1.0."),
        ["IsolatedSdk"] = (
            $$"""{ "id": "IsolatedSdk", "version": "1.0.0", "entryAssembly": "Fixture.Hello.dll", "isolate": ["host.abstractions"], {{Api}} }""",
            "plugin.json: isolate names host.abstractions"),
    };

    /// <summary>By plugin id, how the reason begins.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = s_throws
        .Select(entry => KeyValuePair.Create($"Throws-{entry.Key}", entry.Value))
        .Concat(s_manifests.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Reason)))
        .Append(KeyValuePair.Create("FutureApi", "The plugin is built for host API 99.0 to 99.5; this host offers 1.0."))
        .Append(KeyValuePair.Create("Twice", "Fixture.Twice.dll has more than one IHostPlugin: Fixture.Twice.FirstPlugin, Fixture.Twice.SecondPlugin."))
        .ToDictionary();

    internal PluginHost Host { get; } = new();

    public async Task InitializeAsync()
    {
        Host.Put("Fixture.Hello", "Hello");
        Host.Put("Fixture.FutureApi", "FutureApi");
        Host.Put("Fixture.Twice", "Twice");
        foreach (var place in s_throws.Keys)
            Host.Put("Fixture.Throws", $"Throws-{place}");
        foreach (var (id, (manifest, _)) in s_manifests)
        {
            var folder = Host.Put("Fixture.Hello", id);
            await File.WriteAllTextAsync(Path.Combine(folder, "plugin.json"), manifest);
        }

        await Host.StartAsync();
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}
