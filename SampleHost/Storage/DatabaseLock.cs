namespace SampleHost.Storage;

/// <summary>
/// The sign that a host serves from a database: an empty file beside it, held open alone. The system lets go of it when the process ends, also when it
/// is killed; the file itself stays and means nothing.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

    /// <exception cref="InvalidOperationException">Another host has it; the message is the remedy.</exception>
    public static DatabaseLock Take(string database)
    {
        try
        {
            return new DatabaseLock(new FileStream(Path.ChangeExtension(database, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException exception) when (exception.HResult is WouldBlockOnLinux or WouldBlockOnMac or SharingViolationOnWindows)
        {
            // Two would not hear of each other's changes, and both would send them.
            throw new InvalidOperationException(
                $"The database {database} is in use by another host. Stop that one, or give this one a folder of its own: Host:DataDirectory.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
