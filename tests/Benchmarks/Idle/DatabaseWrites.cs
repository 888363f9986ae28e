namespace Benchmarks.Idle;

/// <summary>Sees whether database files were written to: SQLite cannot write without changing the length or the time of a file or its log.</summary>
internal sealed class DatabaseWrites
{
    private readonly string[] _folders;
    private Dictionary<string, (long Length, DateTime WrittenAt)> _seen;

    /// <param name="folders">Where databases lie, at any depth.</param>
    public DatabaseWrites(params string[] folders)
    {
        _folders = folders;
        _seen = Read();
    }

    /// <summary>How many files were found changed, over all looks.</summary>
    public int Count { get; private set; }

    public void Look()
    {
        var now = Read();
        Count += now.Count(file => !_seen.TryGetValue(file.Key, out var before) || before != file.Value);
        _seen = now;
    }

    private Dictionary<string, (long Length, DateTime WrittenAt)> Read() =>
        _folders.SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*.db*", SearchOption.AllDirectories))
            // The shared memory beside a log is written by readers too, and never reaches the disk.
            .Where(file => !file.Name.EndsWith("-shm", StringComparison.Ordinal))
            .ToDictionary(file => file.FullName, file => (file.Length, file.LastWriteTimeUtc));
}
