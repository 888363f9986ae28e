using System.Diagnostics;

namespace EndToEnd.Tests.Disk;

/// <summary>A disk of some megabytes in place of a folder, which can be filled to the last byte and freed again: a file system in memory, mounted there.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Balloon => Path.Combine(_folder, "balloon");

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <param name="folder">The folder; made if it is not there.</param>
    /// <param name="megabytes">The size.</param>
    public static SmallDisk Mount(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        Assert.True(Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder) == 0, $"Nothing could be mounted on {folder}.");
        return new SmallDisk(folder);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var balloon = new FileStream(Balloon, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var piece in new[] { 1 << 20, 4096, 1 })
        {
            try
            {
                while (true)
                    balloon.Write(new byte[piece]);
            }
            catch (IOException)
            {
                // Full, in pieces of this size.
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Balloon);

    // Lazily: the host that has files open on it may still be ending.
    public void Dispose() => Run("umount", "-l", _folder);

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
            return "Needs Linux: a small file system in memory is mounted.";
        var probe = Directory.CreateTempSubdirectory("dam-mount-");
        try
        {
            if (Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe.FullName) != 0)
                return "Needs the right to mount a small file system (root, and in a container the capability SYS_ADMIN).";
            Run("umount", probe.FullName);
            return null;
        }
        finally
        {
            probe.Delete();
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact that fills a disk; skipped where none can be mounted, and says so.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Obstacle;
}
