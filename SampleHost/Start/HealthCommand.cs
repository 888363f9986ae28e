namespace SampleHost.Start;

/// <summary>
/// The command <c>health</c>: whether the host on this machine is ready. For containers, whose image has no other program that could ask.
/// </summary>
internal static class HealthCommand
{
    // Whoever asks has a limit of his own, as containers have; this one only keeps the command from waiting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="args">The host's address, or settings by which it is found.</param>
    /// <param name="output">Gets what the host answers.</param>
    /// <param name="error">Gets the reason when it does not answer.</param>
    /// <returns>The exit code: 0 ready, 1 not.</returns>
    public static async Task<int> RunAsync(List<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            var host = args is [var given, ..] && !given.StartsWith('-')
                ? HostInformation.ToUri(given)
                : HostInformation.FindConfigured(DamApplication.CreateBuilder([.. args]).Configuration);
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host, Timeout = Patience };
            using var response = await client.GetAsync("/healthz");
            await output.WriteLineAsync(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            await error.WriteLineAsync($"The host does not answer: {exception.Message}");
            return 1;
        }
    }
}
