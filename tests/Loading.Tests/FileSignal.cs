namespace Loading.Tests;

/// <summary>Waits for a mark that a fixture leaves in its data folder.</summary>
internal static class FileSignal
{
    public static async Task WaitForAsync(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder, name);
        watcher.Created += (_, _) => Look();
        watcher.Changed += (_, _) => Look();
        watcher.EnableRaisingEvents = true;
        Look();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(30));

        void Look()
        {
            try
            {
                if (File.Exists(path) && File.ReadAllText(path) == content)
                    seen.TrySetResult();
            }
            catch (IOException)
            {
                // Being written; its change is reported too.
            }
        }
    }
}
