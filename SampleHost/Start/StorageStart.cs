using SampleHost.Accounts;
using SampleHost.Changes;
using SampleHost.Files;
using SampleHost.Storage;

namespace SampleHost.Start;

/// <summary>Opens the storage before the server listens, and clears up after an earlier run that was cut short.</summary>
internal sealed class StorageStart(
    Database database, ChangeLog changes, FileStore files, Users users, HostOptions options, TimeProvider time, ILogger<StorageStart> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweep = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The change log must hear of every commit, so it exists before the first one.
        _ = changes;
        database.Open(toServe: true);
        _listening = Task.Run(() => database.Engine.ListenAsync(changes.Heard, _stopping.Token), CancellationToken.None);
        files.ClearIncoming();
        if (!options.Demo && !users.Any())
            logger.LogWarning("There is no account yet. Make the first one with: dotnet SampleHost.dll users add NAME --role sysadmin");
        _sweep = Task.Run(SweepAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_sweep, _listening);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task SweepAsync()
    {
        try
        {
            await SweepOnceAsync();
            if (!files.IsShared)
                return;
            // What is not wanted any more so soon after it came to a shared folder is left for later.
            using var timer = new PeriodicTimer(FileStore.SharedGrace, time);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await SweepOnceAsync();
        }
        catch (OperationCanceledException)
        {
            logger.LogDebug("The sweep of stored files ended because the host stops.");
        }
    }

    private async Task SweepOnceAsync()
    {
        try
        {
            await files.SweepAsync(_stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Unused content only takes room; the next sweep finds it again.
            logger.LogWarning(exception, "The sweep of stored files failed. Check the permissions of {Folder}.", options.FilesDirectory);
        }
    }
}
