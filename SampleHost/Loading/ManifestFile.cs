using System.Text.Json;
using System.Text.RegularExpressions;
using Dam.Hosting;

namespace SampleHost.Loading;

/// <summary>What is wrong with a plugin, and what to do. Text only: an exception kept would keep the plugin's code in memory.</summary>
internal sealed record PluginProblem(string Reason, string Remedy)
{
    /// <summary>A plugin's code threw.</summary>
    public static PluginProblem Threw(string step, Exception exception) =>
        new($"{step} threw {exception.GetType().Name}: {exception.Message}", "Look into the log for the whole error; mend the plugin or its settings, then reload it.");
}

/// <summary>A manifest that was read, or why it could not be used: one of the nested records.</summary>
internal abstract record ManifestReading
{
    internal sealed record Good(PluginManifest Manifest) : ManifestReading;

    /// <param name="Problem">What is wrong.</param>
    /// <param name="Manifest">What could be read all the same, to say which plugin it is.</param>
    internal sealed record Bad(PluginProblem Problem, PluginManifest? Manifest = null) : ManifestReading;
}

/// <summary>Reads and checks <c>plugin.json</c>.</summary>
internal static partial class ManifestFile
{
    public const string Name = "plugin.json";

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Reads the manifest in a plugin's folder.</summary>
    public static ManifestReading Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            using var stream = File.OpenRead(path);
            var manifest = JsonSerializer.Deserialize<PluginManifest>(stream, s_options);
            return manifest is null ? Unreadable("it holds only null") : Check(manifest, Path.GetFileName(folder));
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ManifestReading.Bad(new PluginProblem(
                "The folder has no plugin.json.", "Copy the plugin's whole folder here, or remove this one."));
        }
        catch (JsonException ex)
        {
            return Unreadable(ex.Message);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return new ManifestReading.Bad(new PluginProblem(
                $"plugin.json cannot be opened: {ex.Message}", "Give the host's account the right to read the folder."));
        }
    }

    /// <summary>Checks what the JSON's shape alone cannot say.</summary>
    public static ManifestReading Check(PluginManifest manifest, string folderName)
    {
        if (!IsId(manifest.Id))
            return Bad($"plugin.json: id \"{manifest.Id}\" has characters other than letters, digits, '.', '-' and '_'.", "Choose another id.");
        if (manifest.Id != folderName)
            return Bad($"plugin.json: id \"{manifest.Id}\" is not the folder's name \"{folderName}\".", $"Rename the folder to \"{manifest.Id}\".");
        if (!VersionPattern().IsMatch(manifest.Version))
            return Bad($"plugin.json: version \"{manifest.Version}\" is not major.minor.patch.", "Write it like 1.2.3.");
        if (CheckHostApi(manifest.HostApi) is { } apiProblem)
            return new ManifestReading.Bad(apiProblem, manifest);
        if (manifest.EntryAssembly.Length == 0 || Path.GetFileName(manifest.EntryAssembly) != manifest.EntryAssembly)
            return Bad($"plugin.json: entryAssembly \"{manifest.EntryAssembly}\" is not a plain file name.", "Name the assembly in the plugin's folder, like My.Plugin.dll.");
        if (manifest.Isolate.FirstOrDefault(HostAssemblies.IsSdk) is { } sdk)
            return Bad($"plugin.json: isolate names {sdk}, but host and plugin must share it.", "Take it out of the list.");
        return new ManifestReading.Good(manifest);

        ManifestReading.Bad Bad(string reason, string remedy) => new(new PluginProblem(reason, remedy), manifest);
    }

    /// <summary>Whether a name can be a plugin's id.</summary>
    public static bool IsId(string name) => IdPattern().IsMatch(name);

    private static PluginProblem? CheckHostApi(HostApiRange range)
    {
        if (!Version.TryParse(range.Lowest, out var lowest) || !Version.TryParse(range.Highest, out var highest))
        {
            return new PluginProblem(
                $"plugin.json: hostApi \"{range.Lowest}\" to \"{range.Highest}\" are not versions.", "Write both like 1.0.");
        }

        var offered = Version.Parse(HostApi.Version);
        if (offered >= lowest && offered <= highest)
            return null;
        return new PluginProblem(
            $"The plugin is built for host API {range.Lowest} to {range.Highest}; this host offers {HostApi.Version}.",
            offered < lowest ? "Install an older version of the plugin, or upgrade the host." : "Install a newer version of the plugin.");
    }

    private static ManifestReading.Bad Unreadable(string why) => new(new PluginProblem(
        $"plugin.json is not a valid manifest: {why}", "Compare it with the plugin's original; id, version, entryAssembly and hostApi are needed."));

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?\z")]
    private static partial Regex VersionPattern();
}
