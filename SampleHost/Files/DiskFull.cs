namespace SampleHost.Files;

/// <summary>Recognises that the disk, or the room allowed on it, is used up.</summary>
internal static class DiskFull
{
    private const int NoSpaceOnUnix = 28;
    private const int QuotaOnLinux = 122;
    private const int QuotaOnMac = 69;
    private const int FileTooBigOnUnix = 27;
    private const int HandleDiskFullOnWindows = unchecked((int)0x80070027);
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    public static bool Is(Exception exception) => exception switch
    {
        IOException io => io.HResult is NoSpaceOnUnix or QuotaOnLinux or QuotaOnMac or FileTooBigOnUnix or HandleDiskFullOnWindows or DiskFullOnWindows,
        _ => false,
    };
}
