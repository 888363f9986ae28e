namespace Plugin.ApiWebhooks.Queue;

/// <summary>
/// The sign that somebody uses a database: an empty file beside it, held open alone. The system lets go of it when the process ends, also when it is
/// killed; the file itself stays and means nothing.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a database.</summary>
    /// <exception cref="InvalidOperationException">Somebody else has it; the message is the remedy.</exception>
    public static FileLock Take(string database)
    {
        try
        {
            return new FileLock(new FileStream(Path.ChangeExtension(database, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException exception) when (exception.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows)
        {
            // Two would send everything twice and take each other's deliveries for those of a process that died.
            throw new InvalidOperationException(
                $"The database {database} is in use by another process. Stop that one, or give this one a file of its own under storage.file.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
