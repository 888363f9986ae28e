using System.IO.Enumeration;
using System.Text;

namespace SampleHost.Loading;

/// <summary>A folder below the plugins folder as it was at one moment.</summary>
/// <param name="Id">The folder's name.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Fingerprint">
/// Changes with <c>plugin.json</c> and the program's files, and with nothing else: editing settings or data in the folder is the plugin's own affair.
/// </param>
internal sealed record PluginFolder(string Id, string Path, string Fingerprint)
{
    private static readonly EnumerationOptions s_everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.None,
    };

    /// <summary>Looks at every folder below the plugins folder; names that begin with a dot are not plugins.</summary>
    /// <exception cref="IOException">The plugins folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The plugins folder may not be read.</exception>
    public static IReadOnlyList<PluginFolder> FindAll(string pluginsDirectory)
    {
        if (!Directory.Exists(pluginsDirectory) && !File.Exists(pluginsDirectory))
            return [];
        return Directory.EnumerateDirectories(pluginsDirectory)
            .Select(path => (Path: path, Name: System.IO.Path.GetFileName(path)))
            .Where(folder => !folder.Name.StartsWith('.'))
            .OrderBy(folder => folder.Name, StringComparer.Ordinal)
            .Select(folder => new PluginFolder(folder.Name, folder.Path, FingerprintOf(folder.Path)))
            .ToList();
    }

    /// <summary>The files that make the program, as paths relative to the folder.</summary>
    public static IReadOnlyList<string> FindProgramFiles(string folder) =>
        EnumerateProgram(folder).Select(file => file.RelativePath).ToList();

    /// <summary>Whether somebody still holds one of the program's files open for writing, as Windows does while copying.</summary>
    public bool IsBeingWritten()
    {
        try
        {
            foreach (var file in FindProgramFiles(Path))
            {
                using var probe = new FileStream(System.IO.Path.Combine(Path, file), FileMode.Open, FileAccess.Read, FileShare.Read);
            }

            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // Not a matter of time: loading will say what is wrong.
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string FingerprintOf(string folder)
    {
        try
        {
            var text = new StringBuilder();
            foreach (var (relativePath, length, ticks) in EnumerateProgram(folder))
                text.Append(relativePath).Append('|').Append(length).Append('|').Append(ticks).Append('\n');
            return text.ToString();
        }
        catch (DirectoryNotFoundException)
        {
            // Removed between listing and looking: the next look finds it gone.
            return "";
        }
    }

    private static IEnumerable<(string RelativePath, long Length, long Ticks)> EnumerateProgram(string folder) =>
        new FileSystemEnumerable<(string RelativePath, long Length, long Ticks)>(
            folder,
            (ref FileSystemEntry entry) => (
                System.IO.Path.GetRelativePath(folder, entry.ToFullPath()), entry.Length, entry.LastWriteTimeUtc.UtcTicks),
            s_everything)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsProgram(entry.FileName),
        }.OrderBy(file => file.RelativePath, StringComparer.Ordinal);

    /// <summary>Whether a file of this name belongs to the program.</summary>
    public static bool IsProgram(ReadOnlySpan<char> name) =>
        name.Equals(ManifestFile.Name, StringComparison.OrdinalIgnoreCase)
        || Ends(name, ".dll") || Ends(name, ".pdb") || Ends(name, ".so") || Ends(name, ".dylib")
        || Ends(name, ".deps.json") || Ends(name, ".runtimeconfig.json");

    private static bool Ends(ReadOnlySpan<char> name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
