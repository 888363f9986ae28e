using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Plugin.Tests.Receiving;

/// <summary>A program of the page for receivers, run as the page says.</summary>
internal sealed class ReceiverProgram : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private ReceiverProgram(string folder, Process process, int port)
    {
        (_folder, _process, BaseUri) = (folder, process, new Uri($"http://127.0.0.1:{port}/"));
        process.OutputDataReceived += Note;
        process.ErrorDataReceived += Note;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        void Note(object sender, DataReceivedEventArgs line)
        {
            lock (_said)
                _said.AppendLine(line.Data);
        }
    }

    /// <summary>Where it listens.</summary>
    public Uri BaseUri { get; }

    /// <summary>What it has said so far, its errors too, and whether it still runs.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return $"{(_process.HasExited ? "It has ended." : "It runs.")} {_said}";
        }
    }

    /// <summary>A port that nobody uses at this moment: the page's programs are told theirs.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Saves a program, runs it, and waits until it answers.</summary>
    public static async Task<ReceiverProgram> StartAsync(string language, string fileName, string code, int port, string? secret)
    {
        var folder = Directory.CreateTempSubdirectory("webhooks-receiver-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, fileName), code);
        var start = language switch
        {
            "csharp" => new ProcessStartInfo("dotnet", [await BuildAsync(folder), "--urls", $"http://127.0.0.1:{port}"]),
            "javascript" => new ProcessStartInfo("node", [fileName]),
            _ => new ProcessStartInfo("python3", [fileName]),
        };
        start.WorkingDirectory = folder;
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["PORT"] = $"{port}";
        start.Environment["WEBHOOK_SECRET"] = secret;
        var program = new ReceiverProgram(folder, Process.Start(start)!, port);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = program.BaseUri };
        var began = Stopwatch.StartNew();
        while (began.Elapsed < LongestStart && !program._process.HasExited)
        {
            try
            {
                using var answer = await client.PostAsync("/", new StringContent("not signed"));
                return program;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
                await Task.Yield();
            }
        }
        if (program._process.HasExited)
            await program._process.WaitForExitAsync();
        var why = $"It does not answer. {program.Said}";
        await program.DisposeAsync();
        throw new InvalidOperationException(why);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // What "dotnet new web" makes, without asking it.
    private static async Task<string> BuildAsync(string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "Receive.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
            </Project>
            """);
        var start = new ProcessStartInfo("dotnet", ["build", "-v", "q", "--nologo", "-o", "out"]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        // Not the settings of the build that runs the tests.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.True(build.ExitCode == 0, output);
        return Path.Combine(folder, "out", "Receive.dll");
    }
}

/// <summary>A theory whose languages are those that this machine has; the others are left out, and said so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsProgramAttribute : FactAttribute
{
    public NeedsProgramAttribute(string program, params string[] arguments)
    {
        if (!CanRun(program, arguments))
            Skip = $"\"{program} {string.Join(' ', arguments)}\" does not run here: the receiver of the page in this language was left out.";
    }

    private static bool CanRun(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
