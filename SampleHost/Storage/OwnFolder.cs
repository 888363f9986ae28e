namespace SampleHost.Storage;

/// <summary>Folders for keys, hashes and private files: one that is made by the host is its user's alone.</summary>
internal static class OwnFolder
{
    /// <summary>Makes the folder, unless it is there.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
