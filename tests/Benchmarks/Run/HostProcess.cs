using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Benchmarks.Run;

/// <summary>The real host, as <c>dotnet SampleHost.dll</c>, with folders of its own.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, Uri address, string apiKey)
    {
        _process = process;
        Address = address;
        ApiKey = apiKey;
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public Uri Address { get; }

    /// <summary>The API key of an editor.</summary>
    public string ApiKey { get; }

    public int Id => _process.Id;

    /// <summary>The processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Makes an account and starts a host; it listens when this returns. Its log goes to a file.</summary>
    public static async Task<HostProcess> StartAsync(string dataFolder, string pluginsFolder, string logFile)
    {
        string[] settings = ["--urls", "http://127.0.0.1:0", "--Host:DataDirectory", dataFolder, "--Host:PluginsDirectory", pluginsFolder];
        await RunCommandAsync(["users", "add", "bench", "--role", "editor", .. settings], input: "bench-password");
        var key = await RunCommandAsync(["keys", "add", "bench", "--user", "bench", .. settings], input: "");

        var process = Start(settings);
        process.StandardInput.Close();
        var log = new StreamWriter(logFile) { AutoFlush = true };
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = CopyAsync(process.StandardOutput, log);
                return new HostProcess(process, new Uri(match.Groups["address"].Value), key);
            }
        }

        await log.DisposeAsync();
        throw new InvalidOperationException($"The host did not start: {await File.ReadAllTextAsync(logFile)}");
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // A benchmark that is broken off leaves no host behind.
    private void Kill(object? sender, EventArgs arguments) => _process.Kill();

    /// <returns>The last line of the command's output.</returns>
    private static async Task<string> RunCommandAsync(IEnumerable<string> arguments, string input)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim()
            : throw new InvalidOperationException($"The host's command ended with {process.ExitCode}.");
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add(BuildOutput.HostAssembly);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        return Process.Start(start)!;
    }

    private static async Task CopyAsync(StreamReader from, StreamWriter to)
    {
        await using (to)
        {
            while (await from.ReadLineAsync() is { } line)
                await to.WriteLineAsync(line);
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://[^\s""]+)")]
    private static partial Regex Listening();
}
