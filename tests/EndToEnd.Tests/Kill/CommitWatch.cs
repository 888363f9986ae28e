using System.Buffers.Binary;

namespace EndToEnd.Tests.Kill;

/// <summary>
/// Sees from outside that a process is in the middle of a commit: its write-ahead log holds pages that the shared index does not tell of yet, because they
/// are being written or synchronised. Formats: https://sqlite.org/walformat.html. Linux only.
/// </summary>
internal sealed class CommitWatch : IDisposable
{
    private const int LogHeader = 32;
    private const int PageHeader = 24;

    private readonly FileStream _log;
    private readonly FileStream _index;

    public CommitWatch(string database)
    {
        _log = Open(database + "-wal");
        _index = Open(database + "-shm");
    }

    /// <summary>Stops the process in the middle of a commit; it is left standing there, to be killed.</summary>
    /// <returns>How many pages of the commit were in the log.</returns>
    /// <exception cref="TimeoutException">It was never met there.</exception>
    public int StopWithin(int processId, TimeSpan patience)
    {
        using var over = new CancellationTokenSource(patience);
        while (!over.IsCancellationRequested)
        {
            if (CountOpenPages() == 0)
            {
                Thread.Yield();
                continue;
            }

            // Seen in the middle; by the time it stands it may have come to the end.
            Standstill.Begin(processId);
            while (!Stands(processId) && !over.IsCancellationRequested)
                Thread.Yield();
            if (CountOpenPages() is > 0 and var pages)
                return pages;
            Standstill.End(processId);
        }

        throw new TimeoutException($"Process {processId} was never met in the middle of a commit.");
    }

    public void Dispose()
    {
        _log.Dispose();
        _index.Dispose();
    }

    /// <summary>The pages in the log after the last commit that readers know of.</summary>
    private int CountOpenPages()
    {
        Span<byte> index = stackalloc byte[40];
        Span<byte> page = stackalloc byte[PageHeader];
        if (RandomAccess.Read(_index.SafeFileHandle, index, 0) < index.Length)
            return 0;
        var known = BinaryPrimitives.ReadUInt32LittleEndian(index[16..]);
        var pageSize = BinaryPrimitives.ReadUInt16LittleEndian(index[14..]);
        var salt = index[32..40];
        var open = 0;
        while (RandomAccess.Read(_log.SafeFileHandle, page, LogHeader + ((known + open) * (pageSize + (long)PageHeader))) == page.Length
            && page[8..16].SequenceEqual(salt)) // Pages with another salt are from before the log began anew.
            open++;
        return open;
    }

    private static bool Stands(int processId)
    {
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(thread, "stat"));
                if (stat[stat.LastIndexOf(')') + 2] is not ('T' or 'Z' or 'X'))
                    return false;
            }
            catch (IOException)
            {
                // The thread has ended.
            }
        }

        return true;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
