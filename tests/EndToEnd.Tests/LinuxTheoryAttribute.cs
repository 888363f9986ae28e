namespace EndToEnd.Tests;

/// <summary>A theory that looks at a process in ways that only Linux offers; elsewhere it is skipped and says so.</summary>
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Needs Linux: it stops a process by a signal and reads its threads from /proc.";
    }
}
