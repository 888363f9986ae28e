using System.Diagnostics;
using System.Text;
using SampleHost;
using SampleHost.Start;

namespace Host.Tests.Storage;

/// <summary>Runs <c>storage copy</c> for a host that has stopped.</summary>
internal static class CopyCommand
{
    /// <summary>In this process.</summary>
    /// <param name="host">The host that moves.</param>
    /// <param name="target">Where to, as a connection string.</param>
    /// <param name="onLine">Told of each line of the output before the command goes on.</param>
    public static async Task<(int Code, string Output, string Error)> RunAsync(RunningHost host, string target, Action<string>? onLine = null)
    {
        using var output = new Lines(onLine);
        using var error = new StringWriter();
        var code = await Commands.RunAsync(ArgumentsFor(host, target), TextReader.Null, output, error);
        return (code, output.Text, error.ToString());
    }

    /// <summary>The real program, in a process of its own; it writes its output to a pipe.</summary>
    public static Process Start(RunningHost host, string target) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(DamApplication).Assembly.Location, .. ArgumentsFor(host, target)]) { RedirectStandardOutput = true })!;

    private static string[] ArgumentsFor(RunningHost host, string target) =>
    [
        "storage", "copy", "--from", "sqlite", "--to", "postgres", "--contentRoot", host.Folder, "--Host:DataDirectory", host.DataDirectory,
        "--Host:PluginsDirectory", host.PluginsDirectory, "--Host:Storage:ConnectionString", target,
    ];

    private sealed class Lines(Action<string>? onLine) : TextWriter
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            _text.AppendLine(value);
            onLine?.Invoke(value!);
            return Task.CompletedTask;
        }
    }
}
