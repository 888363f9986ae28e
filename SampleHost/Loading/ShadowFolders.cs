namespace SampleHost.Loading;

/// <summary>
/// Plugins run from copies, so that the files in the plugins folder may be replaced and removed while they run. Each host process has
/// a folder of its own below the data folder; what a process left behind is cleaned when the next one starts.
/// </summary>
internal sealed class ShadowFolders : IDisposable
{
    private const string LockName = ".lock";

    private readonly string _root;
    private readonly string _own;
    private FileStream? _lock;
    private int _number;

    public ShadowFolders(string dataDirectory)
    {
        _root = Path.Combine(dataDirectory, "shadow");
        _own = Path.Combine(_root, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Copies a plugin's program files into a new folder.</summary>
    /// <returns>The new folder.</returns>
    public string Copy(PluginFolder plugin)
    {
        TakeOwnFolder();
        var target = Path.Combine(_own, $"{plugin.Id}-{Interlocked.Increment(ref _number)}");
        Directory.CreateDirectory(target);
        foreach (var file in PluginFolder.FindProgramFiles(plugin.Path))
        {
            var copy = Path.Combine(target, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(plugin.Path, file), copy);
            // A read-only original would make a copy that cannot be cleaned up.
            File.SetAttributes(copy, FileAttributes.Normal);
        }

        return target;
    }

    /// <summary>Removes a copy that is no longer run. One that the system still holds is left for the next start.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Windows keeps mapped assemblies locked until they are collected; CleanUp comes by at the next start.
        }
    }

    /// <summary>Removes what processes that run no more have left.</summary>
    public void CleanUp()
    {
        if (!Directory.Exists(_root))
            return;
        foreach (var folder in Directory.EnumerateDirectories(_root))
        {
            if (folder != _own && !IsInUse(folder))
                Remove(folder);
        }
    }

    public void Dispose()
    {
        if (_lock is null)
            return;
        _lock.Dispose();
        _lock = null;
        Remove(_own);
    }

    private void TakeOwnFolder()
    {
        if (_lock is not null)
            return;
        Directory.CreateDirectory(_own);
        _lock = new FileStream(Path.Combine(_own, LockName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The system drops a process's locks when it ends, however it ends.</summary>
    private static bool IsInUse(string folder)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
