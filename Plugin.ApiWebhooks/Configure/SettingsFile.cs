using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>The user's config.json. It is read and never written.</summary>
/// <param name="directory">The folder it stands in.</param>
internal sealed class SettingsFile(string directory)
{
    /// <summary>The largest file that is read.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>The file's path.</summary>
    public string Path { get; } = System.IO.Path.Combine(directory, "config.json");

    /// <summary>What tells one state of the file from another without reading it.</summary>
    public FileStamp Stamp() => StampOf(Path);

    /// <summary>The same of any file.</summary>
    public static FileStamp StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : FileStamp.Missing;
    }

    /// <summary>Reads the file's bytes, or tells why not.</summary>
    public (byte[]? Text, PluginFault? Fault) Read()
    {
        try
        {
            if (Directory.Exists(Path))
                return (null, Fault($"{Path} is a folder.", "Move it away, copy config.example.json there and edit it."));
            if (new FileInfo(Path) is { Exists: true, Length: > MaxBytes } file)
                return (null, Fault($"The file is {file.Length} bytes long.", $"At most {MaxBytes} bytes are read."));
            return (File.ReadAllBytes(Path), null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, Fault($"There is no file {Path}.", "Copy config.example.json there and edit it."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, Fault($"The file cannot be read: {exception.Message}", "Give the account that the host runs under the right to read it."));
        }
    }

    private static PluginFault Fault(string message, string remedy) => new(FaultSeverity.Error, "config.json", message, remedy);
}

/// <summary>One state of a file.</summary>
/// <param name="Length">The length in bytes; -1 when there is no file.</param>
/// <param name="WrittenAt">When it was last written (UTC).</param>
internal readonly record struct FileStamp(long Length, DateTime WrittenAt)
{
    /// <summary>No file.</summary>
    public static FileStamp Missing => new(-1, DateTime.MinValue);
}
