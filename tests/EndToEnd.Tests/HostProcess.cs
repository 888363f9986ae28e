using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace EndToEnd.Tests;

/// <summary>
/// The host as its users run it: a process of its own from the build output, with a data folder and a plugins folder of its own, on a port
/// that the system chooses. Ended by its id, gently or not.
/// </summary>
public sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private readonly StringBuilder _output = new();
    private readonly HostProcessOptions _options;
    private Process? _process;

    private HostProcess(HostProcessOptions options)
    {
        _options = options;
        Folder = options.Folder ?? Directory.CreateTempSubdirectory("dam-process-").FullName;
    }

    private event Action? Heard;

    /// <summary>Holds the data and the plugins folder; removed at the end unless the options named it.</summary>
    public string Folder { get; }

    public string DataDirectory => Path.Combine(Folder, "data");

    public string PluginsDirectory => Path.Combine(Folder, "plugins");

    public Uri BaseUri { get; private set; } = null!;

    /// <summary>A client without keys and cookies; the caller adds what it needs.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>The process that runs now.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>What the process wrote so far, of all its starts.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = Read("Repository");

    /// <summary>The configuration that was built, such as <c>Debug</c>.</summary>
    public static string Configuration { get; } = Read("Configuration");

    /// <summary>Stages the plugins, starts the host and waits until it is ready to serve.</summary>
    public static async Task<HostProcess> StartAsync(HostProcessOptions? options = null)
    {
        var host = new HostProcess(options ?? new HostProcessOptions());
        host.StagePlugins();
        try
        {
            await host.StartAgainAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the host on the data it left.</summary>
    public async Task StartAgainAsync()
    {
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = Describe(), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data, listening);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, listening);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        _ = TellOfEndAsync(process, listening);

        try
        {
            BaseUri = await listening.Task.WaitAsync(LongestStart);
        }
        catch (TimeoutException ex)
        {
            throw new TimeoutException($"The host did not start in {LongestStart}:\n{Output}", ex);
        }

        Client?.Dispose();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = BaseUri };
        await BecomeHealthyAsync();
    }

    /// <summary>Kills the process at once, as a power cut would: no handler of it runs.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Asks the process to end, and waits until it has.</summary>
    /// <returns>Its exit code; null when it had ended before, or cannot be asked on this system.</returns>
    public async Task<int?> StopAsync()
    {
        int? code = null;
        if (_process is { HasExited: false } process && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            using var patience = new CancellationTokenSource(LongestStop);
            await process.WaitForExitAsync(patience.Token);
            code = process.ExitCode;
        }

        await KillAsync();
        return code;
    }

    /// <summary>Waits until the process has written a text, in any of its starts.</summary>
    public async Task WaitForOutputAsync(string text, TimeSpan patience)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Heard += Look;
        try
        {
            Look();
            await found.Task.WaitAsync(patience);
        }
        finally
        {
            Heard -= Look;
        }

        void Look()
        {
            if (Output.Contains(text, StringComparison.Ordinal))
                found.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client?.Dispose();
        if (_options.Folder is null)
            Directory.Delete(Folder, recursive: true);
    }

    private ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.WorkingDirectory = _options.WorkingDirectory;
        start.ArgumentList.Add(_options.Program ?? Path.Combine(Repository, "SampleHost", "bin", Configuration, "net10.0", "SampleHost.dll"));
        string[] plugins = _options.Program is null ? ["--Host:PluginsDirectory", PluginsDirectory] : [];
        string[] arguments = ["--urls", "http://127.0.0.1:0", "--Host:DataDirectory", DataDirectory, .. plugins, .. _options.Arguments];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = _options.Environment;
        return start;
    }

    private void StagePlugins()
    {
        Directory.CreateDirectory(PluginsDirectory);
        if (!_options.WithApiWebhooks)
            return;
        var target = Path.Combine(PluginsDirectory, "ApiWebhooks");
        var source = Path.Combine(Repository, "Plugin.ApiWebhooks", "bin", Configuration, "plugin");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var config = Path.Combine(target, "config.json");
        if (_options.Config is not null)
            File.WriteAllText(config, _options.Config);
        else
            File.Copy(Path.Combine(Repository, "config.example.json"), config, overwrite: true);
    }

    // Ends once all that the process wrote has been heard: the event of its end may come before its last words.
    private async Task TellOfEndAsync(Process process, TaskCompletionSource<Uri> listening)
    {
        await process.WaitForExitAsync();
        listening.TrySetException(new InvalidOperationException($"The host ended while starting:\n{Output}"));
    }

    private void Hear(string? line, TaskCompletionSource<Uri> listening)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        Heard?.Invoke();
        if (Listening().Match(line) is { Success: true } match)
            listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    private async Task BecomeHealthyAsync()
    {
        using var patience = new CancellationTokenSource(LongestStart);
        while (true)
        {
            using var response = await Client.GetAsync("/healthz", patience.Token);
            if (response.IsSuccessStatusCode)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }

    private static string Read(string key) =>
        typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}

/// <summary>How to start the host.</summary>
public sealed record HostProcessOptions
{
    /// <summary><c>Development</c> brings the demo with it.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>Further command-line arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The program's <c>SampleHost.dll</c>, which then has its plugins beside itself; null for the build output with a plugins folder of the test's.</summary>
    public string? Program { get; init; }

    /// <summary>Where the process is started; empty for where the tests are.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Whether the plugin is put into the plugins folder, as built.</summary>
    public bool WithApiWebhooks { get; init; } = true;

    /// <summary>The plugin's config.json; null for the example that newcomers get.</summary>
    public string? Config { get; init; }

    /// <summary>A folder to use and to leave; null for one of its own that is removed.</summary>
    public string? Folder { get; init; }
}
