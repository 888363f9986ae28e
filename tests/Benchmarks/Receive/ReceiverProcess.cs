using System.Diagnostics;
using System.Globalization;
using Benchmarks.Load;

namespace Benchmarks.Receive;

/// <summary>The receiver, in a process of its own.</summary>
internal sealed class ReceiverProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = PlainClient.Create(connections: 2);

    private ReceiverProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts the receiver; it listens when this returns.</summary>
    public static async Task<ReceiverProcess> StartAsync()
    {
        var start = ThisProgram();
        start.ArgumentList.Add("receiver");
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The receiver did not start.");
        return new ReceiverProcess(process, new Uri(address));
    }

    /// <summary>How this program is started again, for a process of another kind.</summary>
    public static ProcessStartInfo ThisProgram()
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(typeof(ReceiverProcess).Assembly.Location);
        return start;
    }

    /// <summary>How many messages came since the start.</summary>
    public Task<long> CountAsync() => WaitForAsync(0);

    /// <summary>Waits until that many messages came since the start.</summary>
    /// <returns>How many they are by then.</returns>
    public async Task<long> WaitForAsync(long atLeast) =>
        long.Parse(await _client.GetStringAsync(new Uri(Address, $"/count?atLeast={atLeast}")), CultureInfo.InvariantCulture);

    /// <summary>How many messages came without a signature.</summary>
    public async Task<long> CountUnsignedAsync() =>
        long.Parse(await _client.GetStringAsync(new Uri(Address, "/unsigned")), CultureInfo.InvariantCulture);

    /// <summary>When the marked messages arrived, as <see cref="Stopwatch"/> timestamps, since the last call.</summary>
    public async Task<IReadOnlyList<(int Mark, long Timestamp)>> TakeArrivalsAsync() =>
        Arrivals.Read(await _client.GetStringAsync(new Uri(Address, "/arrivals")));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
