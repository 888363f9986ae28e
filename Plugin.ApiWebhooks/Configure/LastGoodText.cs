using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// Keeps the text of the last configuration without an error in the plugin's data folder, so that a restart with a faulty file still runs it.
/// The text holds secrets, so it is encrypted with the host's data protection.
/// </summary>
/// <param name="dataDirectory">The plugin's data folder.</param>
/// <param name="protection">The host's data protection.</param>
/// <param name="logger">Where it is told that the text cannot be kept or read.</param>
internal sealed class LastGoodText(string dataDirectory, IDataProtectionProvider protection, ILogger<LastGoodText> logger)
{
    private readonly string _path = Path.Combine(dataDirectory, "last-good-config.protected");
    private readonly IDataProtector _protector = protection.CreateProtector("ApiWebhooks.LastGoodConfiguration");

    /// <summary>Keeps a text, in place of the one kept before. Not being able to is logged: the settings work all the same.</summary>
    public void Keep(ReadOnlyMemory<byte> text)
    {
        try
        {
            if (Find() is { } kept && kept.Span.SequenceEqual(text.Span))
                return;
            var draft = _path + ".new";
            File.WriteAllBytes(draft, _protector.Protect(text.ToArray()));
            File.Move(draft, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            logger.LogWarning(exception, "The configuration in force could not be kept for a restart in {Path}.", _path);
        }
    }

    /// <summary>The text kept, or null when there is none that can be read.</summary>
    public ReadOnlyMemory<byte>? Find()
    {
        try
        {
            return File.Exists(_path) ? _protector.Unprotect(File.ReadAllBytes(_path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // The keys of another machine, or a damaged file: it counts as not there.
            logger.LogWarning(exception, "The last good configuration in {Path} cannot be read.", _path);
            return null;
        }
    }
}
