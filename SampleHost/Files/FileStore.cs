using System.Buffers;
using System.Security.Cryptography;
using Dapper;
using SampleHost.Start;
using SampleHost.Storage;

namespace SampleHost.Files;

/// <summary>
/// File contents on disk, by their SHA-256: <c>files/ab/cd/abcd…</c>. Content arrives in <c>files/incoming</c>, is flushed to disk and only then
/// moved to its place, so that what is there is whole. The same content is kept once, however many records have it.
/// </summary>
/// <remarks>
/// Received content is held until a save takes it over (<see cref="ReleaseAsync"/>): as long as it is held it is not collected although no
/// record refers to it yet. Hosts that share the folder do not see each other's holds. There the age of content stands for them: it is new again whenever a host
/// receives it, and none younger than <see cref="SharedGrace"/> is collected. A save takes content over within one request, so that is long enough by far.
/// </remarks>
internal sealed class FileStore
{
    /// <summary>What hosts that share the folder leave alone: content that was received within this time.</summary>
    public static readonly TimeSpan SharedGrace = TimeSpan.FromDays(1);

    private const int BufferSize = 128 * 1024;

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly string _root;
    private readonly string _incoming;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _held = new(StringComparer.Ordinal);

    public FileStore(HostOptions options, Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
        IsShared = options.PostgresConnection is not null;
        _root = options.FilesDirectory;
        _incoming = Path.Combine(_root, "incoming");
    }

    /// <summary>Whether other hosts may keep their files in the same folder.</summary>
    public bool IsShared { get; }

    /// <summary>Takes in content of any length. Cut off or failed, it leaves nothing behind.</summary>
    /// <param name="fileName">What the sender calls it; made safe here.</param>
    /// <param name="mediaType">What the sender says it is, or null.</param>
    /// <exception cref="IOException">The content was cut off, or the disk is full (see <see cref="DiskFull"/>).</exception>
    public async Task<ReceivedFile> ReceiveAsync(string fileName, string? mediaType, Stream content, CancellationToken cancellationToken)
    {
        var name = FileNames.MakeSafe(fileName);
        OwnFolder.Create(_root);
        Directory.CreateDirectory(_incoming);
        var temporary = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            var (sha256, length, head) = await WriteAsync(temporary, content, cancellationToken);
            HoldAndMove(temporary, sha256);
            return new ReceivedFile(name, MediaTypes.Find(head, name, mediaType), length, sha256);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens content for reading.</summary>
    /// <exception cref="FileNotFoundException">The content is gone from the disk.</exception>
    public Stream OpenRead(string sha256) =>
        new FileStream(PathOf(sha256), new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            // Windows: a reader must not stand in the way of the content being collected.
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });

    /// <summary>Lets go of received files: taken over by a committed save, or not wanted after all and then removed.</summary>
    public async Task ReleaseAsync(IReadOnlyList<ReceivedFile> files, bool saved)
    {
        lock (_gate)
        {
            foreach (var file in files)
            {
                if (--HeldCount(file.Sha256) == 0)
                    _held.Remove(file.Sha256);
            }
        }

        if (!saved)
            await CollectAsync(files.Select(file => file.Sha256).ToList());
    }

    /// <summary>Removes content that no record refers to any more. When the database is away, what was saved before stays as it is, and the sweep finds the content.</summary>
    public async Task CollectAsync(IReadOnlyList<string> sha256)
    {
        try
        {
            await CollectNowAsync(sha256);
        }
        catch (StorageUnavailableException)
        {
            // Not the outcome of what was asked for: that was decided before.
        }
    }

    private async Task CollectNowAsync(IReadOnlyList<string> sha256)
    {
        if (sha256.Count == 0)
            return;
        // On the writer, so that no save commits in between; but asking a reader, which sees only what is committed: another save
        // of the same batch may still be undone.
        await _database.WriteAsync(
            _ =>
            {
                foreach (var hash in sha256.Distinct())
                    CollectOne(hash);
                return true;
            },
            CancellationToken.None);
    }

    /// <summary>Removes what a crash left: half-received files, and content whose save never committed.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root))
            return;
        foreach (var batch in StoredHashes().Chunk(100))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await CollectNowAsync(batch);
        }
    }

    /// <summary>Removes half-received files of an earlier run. Called before the host takes requests; another host may be receiving.</summary>
    public void ClearIncoming()
    {
        if (!Directory.Exists(_incoming))
            return;
        foreach (var path in Directory.EnumerateFiles(_incoming))
        {
            if (!IsShared || IsOld(path))
                File.Delete(path);
        }
    }

    private string PathOf(string sha256) => Path.Combine(_root, sha256[..2], sha256[2..4], sha256);

    private static async Task<(string Sha256, long Length, byte[] Head)> WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            var head = new byte[MediaTypes.HeadLength];
            var length = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken)) > 0)
            {
                if (length < head.Length)
                    buffer.AsSpan(0, (int)Math.Min(read, head.Length - length)).CopyTo(head.AsSpan((int)length));
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                length += read;
            }

            file.Flush(flushToDisk: true);
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), length, head[..(int)Math.Min(length, head.Length)]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void HoldAndMove(string temporary, string sha256)
    {
        var path = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        lock (_gate)
        {
            // On a shared folder also over the same content: only that makes it new again for every host, whatever a network's file system remembers.
            if (IsShared || !File.Exists(path))
                File.Move(temporary, path, overwrite: IsShared);
            HeldCount(sha256)++;
        }
    }

    private void CollectOne(string sha256)
    {
        var isUsed = _database.Read(connection => connection.ExecuteScalar<bool>(IsUsedSql, new { sha256 }));
        lock (_gate)
        {
            if (isUsed || _held.ContainsKey(sha256))
                return;
            if (IsShared)
                RemoveOld(PathOf(sha256));
            else
                File.Delete(PathOf(sha256));
        }
    }

    // Another host may receive the same content at this moment. Taken aside first, where no host finds it, it is looked at once more: only what is old there too goes.
    private void RemoveOld(string path)
    {
        if (!IsOld(path))
            return;
        Directory.CreateDirectory(_incoming);
        var aside = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            File.Move(path, aside);
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another host removed it first.
            return;
        }

        if (IsOld(aside))
            File.Delete(aside);
        else
            File.Move(aside, path, overwrite: true);
    }

    private bool IsOld(string path) => _time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > SharedGrace;

    private IEnumerable<string> StoredHashes() =>
        Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(_incoming, StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .OfType<string>()
            .Where(name => name.Length == SHA256.HashSizeInBytes * 2 && name.All(char.IsAsciiHexDigitLower));

    private ref int HeldCount(string sha256) =>
        ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_held, sha256, out _);

    private const string IsUsedSql = "SELECT EXISTS (SELECT 1 FROM files WHERE sha256 = @sha256)";
}
