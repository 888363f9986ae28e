using System.Diagnostics;

namespace Plugin.Tests.Send;

/// <summary>A test that asks Node.js for a second opinion; left out, and said so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Node.IsMissing)
            Skip = "Node.js is not installed: the check by another implementation was left out.";
    }
}

/// <summary>Runs a script in Node.js.</summary>
internal static class Node
{
    public static bool IsMissing { get; } = !CanRun();

    /// <summary>Runs a script; its arguments are <c>process.argv[1]</c> and so on.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", ["-e", script, "--", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output.Trim();
    }

    private static bool CanRun()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
