namespace EndToEnd.Tests;

/// <summary>A fact about Linux; elsewhere it is skipped and says so.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Needs Linux: it is about systemd or reads /proc.";
    }
}
