using System.Runtime.InteropServices;

namespace EndToEnd.Tests.Kill;

/// <summary>Lets a process stand still in the middle of whatever it does, as a machine that is suspended would. Linux only.</summary>
internal static class Standstill
{
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    public static void Begin(int processId) => Assert.Equal(0, Signal(processId, Sigstop));

    public static void End(int processId) => Assert.Equal(0, Signal(processId, Sigcont));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
