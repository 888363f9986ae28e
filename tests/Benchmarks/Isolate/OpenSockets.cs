namespace Benchmarks.Isolate;

/// <summary>Counts this process's open sockets, and keeps the highest count. On systems without <c>/proc</c> there is none.</summary>
internal sealed class OpenSockets : IDisposable
{
    private const string Descriptors = "/proc/self/fd";

    private readonly ITimer _timer;
    private int _most;

    public OpenSockets(TimeSpan every) => _timer = TimeProvider.System.CreateTimer(_ => Look(), null, TimeSpan.Zero, every);

    /// <summary>The most that were open at the same time.</summary>
    public int Most => Volatile.Read(ref _most);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (Directory.Exists(Descriptors))
            Volatile.Write(ref _most, Math.Max(Most, new DirectoryInfo(Descriptors).EnumerateFileSystemInfos().Count(IsSocket)));
    }

    // A descriptor may be closed while it is looked at.
    private static bool IsSocket(FileSystemInfo descriptor)
    {
        try
        {
            return descriptor.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
