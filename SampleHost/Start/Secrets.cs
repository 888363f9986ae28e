namespace SampleHost.Start;

/// <summary>
/// Settings that should stand neither in a file beside the program nor in the environment: each is a file of the folder <c>Host:SecretsDirectory</c>, named after its key
/// with <c>__</c> for colons, as containers and systemd hand secrets out. They count above all others.
/// </summary>
internal static class Secrets
{
    public static void AddSecrets(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["Host:SecretsDirectory"] is not { } folder || string.IsNullOrWhiteSpace(folder))
            return;
        var path = Path.GetFullPath(folder.Trim(), Path.GetFullPath(builder.Environment.ContentRootPath));
        if (!Directory.Exists(path))
            throw new InvalidOperationException($"Host:SecretsDirectory is '{path}', which is no folder. Name one with a file for each secret, or leave it out.");
        builder.Configuration.AddKeyPerFile(path, optional: false);
    }
}
