using System.ComponentModel;
using System.Diagnostics;

namespace Plugin.Tests.Send;

/// <summary>A test that installs packages of npm; left out, and said so, where there is no npm or it cannot reach its registry.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute() => Skip = Npm.Obstacle;
}

/// <summary>Packages of npm in a folder of their own, from whatever registry npm is set up for, and scripts that use them.</summary>
internal sealed class Npm : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("webhooks-npm-").FullName;

    /// <summary>Why nothing can be installed; null when it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    // npm is a script on Windows.
    private static string Program => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Installs packages; none of their scripts is run.</summary>
    /// <param name="packages">Names with versions.</param>
    public async Task InstallAsync(params string[] packages)
    {
        var (code, output) = await RunAsync(Program, "", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", _folder, .. packages]);
        Assert.True(code == 0, $"npm could not install {string.Join(", ", packages)}: is its registry within reach? {output}");
    }

    /// <summary>Runs a module that may import what was installed.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(string module, string input)
    {
        var file = Path.Combine(_folder, "test.mjs");
        await File.WriteAllTextAsync(file, module);
        var (code, output) = await RunAsync("node", input, [file]);
        Assert.True(code == 0, output);
        return output.Trim();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Code, string Output)> RunAsync(string program, string input, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await errors);
    }

    private static string? FindObstacle()
    {
        const string leftOut = "the check by the receivers' own libraries was left out.";
        if (Node.IsMissing || !Succeeds("--version"))
            return $"npm is not installed: {leftOut}";
        return Succeeds("view", "standardwebhooks", "version", "--fetch-retries=0", "--fetch-timeout=10000")
            ? null
            : $"npm does not reach its registry: {leftOut}";
    }

    private static bool Succeeds(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
