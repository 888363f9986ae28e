using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// The signing secrets of hooks that have none in config.json: every event is signed, so such a hook is given one. They lie encrypted in the plugin's
/// database and are shown only at the moment of their rotation.
/// </summary>
/// <param name="database">The plugin's database, table <c>hook_secret</c>.</param>
/// <param name="protection">The host's data protection.</param>
/// <param name="time">Tells when a replaced secret ends.</param>
/// <param name="logger">Where a secret that cannot be read any more is told.</param>
internal sealed class HookSecrets(PluginDatabase database, IDataProtectionProvider protection, TimeProvider time, ILogger<HookSecrets> logger)
{
    /// <summary>How long a replaced secret signs beside its successor, so that a receiver can be changed without losing an event.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    private const string SelectAll = "SELECT hook_key, secret, retiring, retiring_until FROM hook_secret";

    private const string Upsert = """
        INSERT INTO hook_secret (hook_key, secret, created_at, retiring, retiring_until)
        VALUES ($key, $secret, $created, $retiring, $until)
        ON CONFLICT (hook_key) DO UPDATE SET
            secret = excluded.secret, created_at = excluded.created_at, retiring = excluded.retiring, retiring_until = excluded.retiring_until
        """;

    private readonly IDataProtector _protector = protection.CreateProtector("ApiWebhooks.HookSecrets");

    /// <summary>When the next replaced secret ends to sign, of the hooks last filled in; null when none does.</summary>
    public DateTimeOffset? NextEndAt { get; private set; }

    /// <summary>The hooks, each with the secrets it signs with. Makes and keeps those that are missing.</summary>
    public async Task<IReadOnlyList<HookSettings>> FillInAsync(IReadOnlyList<HookSettings> hooks)
    {
        if (hooks.All(hook => hook.SecretIsConfigured))
            return hooks;
        var kept = database.Read(ReadAll);
        var now = time.GetUtcNow();
        NextEndAt = kept.Values.Where(row => row.Retiring is not null && row.RetiringUntil > now).Min(row => (DateTimeOffset?)row.RetiringUntil);
        var filled = new List<HookSettings>(hooks.Count);
        foreach (var hook in hooks)
        {
            if (hook.SecretIsConfigured)
                filled.Add(hook);
            else if (kept.TryGetValue(hook.Key, out var row) && Unprotect(hook.Key, row.Secret) is { } secret)
                filled.Add(hook with { Secret = secret, RetiringSecrets = Retiring(hook.Key, row) });
            else
                filled.Add(hook with { Secret = await KeepAsync(hook.Key, WebhookSecret.Generate(), null).ConfigureAwait(false), RetiringSecrets = [] });
        }

        return filled;
    }

    /// <summary>Replaces a hook's generated secret. The former one signs beside the new one for <see cref="Overlap"/>.</summary>
    /// <returns>The new secret.</returns>
    public Task<WebhookSecret> RotateAsync(HookSettings hook) => KeepAsync(hook.Key, WebhookSecret.Generate(), hook.Secret);

    private async Task<WebhookSecret> KeepAsync(string hookKey, WebhookSecret secret, WebhookSecret? former)
    {
        var now = time.GetUtcNow();
        await database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = Upsert;
            command.Parameters.AddWithValue("$key", hookKey);
            command.Parameters.AddWithValue("$secret", Protect(secret));
            command.Parameters.AddWithValue("$created", now.ToUnixTimeMilliseconds());
            command.Parameters.AddWithValue("$retiring", former is null ? DBNull.Value : Protect(former));
            command.Parameters.AddWithValue("$until", former is null ? DBNull.Value : (now + Overlap).ToUnixTimeMilliseconds());
            return command.ExecuteNonQuery();
        }).ConfigureAwait(false);
        return secret;
    }

    private IReadOnlyList<WebhookSecret> Retiring(string hookKey, Row row) =>
        row.Retiring is not null && row.RetiringUntil > time.GetUtcNow() && Unprotect(hookKey, row.Retiring) is { } former ? [former] : [];

    private static Dictionary<string, Row> ReadAll(PluginConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = SelectAll;
        using var reader = command.ExecuteReader();
        var rows = new Dictionary<string, Row>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0), new Row(
                reader.GetFieldValue<byte[]>(1),
                reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.IsDBNull(3) ? 0 : reader.GetInt64(3))));
        }

        return rows;
    }

    private byte[] Protect(WebhookSecret secret) => _protector.Protect(Encoding.ASCII.GetBytes(secret.Reveal()));

    private WebhookSecret? Unprotect(string hookKey, byte[] secret)
    {
        try
        {
            return WebhookSecret.TryParse(Encoding.ASCII.GetString(_protector.Unprotect(secret)), out var read) ? read : null;
        }
        catch (CryptographicException exception)
        {
            logger.LogError(exception, "The signing secret of hook {Hook} cannot be decrypted: the host's keys were lost. It gets a new one; rotate it and tell the receiver.", hookKey);
            return null;
        }
    }

    private sealed record Row(byte[] Secret, byte[]? Retiring, DateTimeOffset RetiringUntil);
}
