using Plugin.ApiWebhooks.Queue.Engines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>
/// The secrets and key pairs that hooks sign with and that do not stand in config.json: every event is signed, so such a hook is given them. They lie encrypted
/// in the plugin's database. A secret is shown only at the moment of its rotation, a private key never.
/// </summary>
/// <param name="database">The plugin's database, table <c>hook_secret</c>.</param>
/// <param name="protection">The host's data protection.</param>
/// <param name="time">Tells when a replaced secret ends.</param>
/// <param name="logger">Where a secret that cannot be read any more is told.</param>
internal sealed class HookSecrets(PluginDatabase database, IDataProtectionProvider protection, TimeProvider time, ILogger<HookSecrets> logger)
{
    private const string SelectAll = "SELECT hook_key, kind, secret, retiring, retiring_until FROM hook_secret";

    private const string Upsert = """
        INSERT INTO hook_secret (hook_key, kind, secret, created_at, retiring, retiring_until)
        VALUES (@key, @kind, @secret, @created, @retiring, @until)
        ON CONFLICT (hook_key, kind) DO UPDATE SET
            secret = excluded.secret, created_at = excluded.created_at, retiring = excluded.retiring, retiring_until = excluded.retiring_until
        """;

    private const string SelectOne = "SELECT secret FROM hook_secret WHERE hook_key = @key AND kind = @kind";

    private static readonly Kind<WebhookSecret> Secrets = new(
        "v1", WebhookSecret.Generate, text => WebhookSecret.TryParse(text, out var read) ? read : null, secret => secret.Reveal());

    private static readonly Kind<SigningKey> KeyPairs = new(
        "v1a", SigningKey.Generate, text => SigningKey.TryParse(text, out var read) ? read : null, key => key.Reveal());

    private readonly IDataProtector _protector = protection.CreateProtector("ApiWebhooks.HookSecrets");

    /// <summary>When the next replaced secret ends to sign, of the hooks last filled in; null when none does.</summary>
    public DateTimeOffset? NextEndAt { get; private set; }

    /// <summary>The hooks, each with what it signs with. Makes and keeps what is missing.</summary>
    public async Task<IReadOnlyList<HookSettings>> FillInAsync(IReadOnlyList<HookSettings> hooks)
    {
        NextEndAt = null;
        if (!hooks.Any(hook => NeedsSecret(hook) || NeedsKeyPair(hook)))
            return hooks;
        var kept = database.Read(ReadAll);
        var now = time.GetUtcNow();
        NextEndAt = kept.Values.Where(row => row.Retiring is not null && row.RetiringUntil > now).Min(row => (DateTimeOffset?)row.RetiringUntil);
        var filled = new List<HookSettings>(hooks.Count);
        foreach (var hook in hooks)
        {
            var next = hook;
            if (NeedsSecret(hook))
            {
                var (secret, retiring) = await FindOrMakeAsync(hook.Key, Secrets, kept).ConfigureAwait(false);
                next = next with { Secret = secret, RetiringSecrets = retiring };
            }
            if (NeedsKeyPair(hook))
            {
                var (key, retiring) = await FindOrMakeAsync(hook.Key, KeyPairs, kept).ConfigureAwait(false);
                next = next with { SigningKey = key, RetiringSigningKeys = retiring };
            }
            filled.Add(next);
        }

        return filled;
    }

    /// <summary>Whether something of a hook can be rotated here.</summary>
    public static bool CanRotate(HookSettings hook) => NeedsSecret(hook) || NeedsKeyPair(hook);

    /// <summary>Replaces a hook's generated secret, its key pair, or both. The former ones sign beside the new ones for a while.</summary>
    /// <param name="hook">A hook in force, with what it signs with.</param>
    /// <param name="overlap">How long the former ones sign; zero ends them at once, as after a leak.</param>
    public async Task<Rotation> RotateAsync(HookSettings hook, TimeSpan overlap)
    {
        var until = time.GetUtcNow() + overlap;
        var secret = NeedsSecret(hook) ? Secrets.Generate() : null;
        var key = NeedsKeyPair(hook) ? KeyPairs.Generate() : null;
        await database.WriteAsync(connection =>
        {
            if (secret is not null)
                Keep(connection, hook.Key, Secrets, secret, overlap > TimeSpan.Zero ? hook.Secret : null, until);
            if (key is not null)
                Keep(connection, hook.Key, KeyPairs, key, overlap > TimeSpan.Zero ? hook.SigningKey : null, until);
            return true;
        }).ConfigureAwait(false);
        return new Rotation(secret, key, until);
    }

    private static bool NeedsSecret(HookSettings hook) => hook.Signing != HookSigning.V1a && !hook.SecretIsConfigured;

    private static bool NeedsKeyPair(HookSettings hook) => hook.Signing != HookSigning.V1;

    private async Task<(T Current, IReadOnlyList<T> Retiring)> FindOrMakeAsync<T>(string hookKey, Kind<T> kind, Dictionary<(string, string), Row> kept)
        where T : class
    {
        if (kept.TryGetValue((hookKey, kind.Name), out var row) && Unprotect(hookKey, kind, row.Secret) is { } current)
        {
            var former = row.Retiring is not null && row.RetiringUntil > time.GetUtcNow() ? Unprotect(hookKey, kind, row.Retiring) : null;
            return (current, former is null ? [] : [former]);
        }

        // Another node may have made one since: the first that was stored is the one, and may have been shown already.
        var made = kind.Generate();
        var stored = await database.WriteAsync(connection =>
        {
            var found = Find(connection, hookKey, kind.Name);
            if (found is not null && (row is null || !found.AsSpan().SequenceEqual(row.Secret)))
                return found;
            Keep(connection, hookKey, kind, made, null, default);
            return null;
        }).ConfigureAwait(false);
        return ((stored is null ? null : Unprotect(hookKey, kind, stored)) ?? made, []);
    }

    private static byte[]? Find(PluginConnection connection, string hookKey, string kind)
    {
        using var reader = connection.Prepared(SelectOne).Bind("@key", hookKey).Bind("@kind", kind).ExecuteReader();
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
    }

    private int Keep<T>(PluginConnection connection, string hookKey, Kind<T> kind, T secret, T? former, DateTimeOffset until)
        where T : class
    {
        var command = connection.Prepared(Upsert);
        command.Bind("@key", hookKey);
        command.Bind("@kind", kind.Name);
        command.Bind("@secret", Protect(kind, secret));
        command.Bind("@created", time.GetUtcNow().ToUnixTimeMilliseconds());
        command.Bind("@retiring", former is null ? null : Protect(kind, former));
        command.Bind("@until", former is null ? null : (DateTimeOffset?)until);
        return command.ExecuteNonQuery();
    }

    private static Dictionary<(string, string), Row> ReadAll(PluginConnection connection)
    {
        var command = connection.Prepared(SelectAll);
        using var reader = command.ExecuteReader();
        var rows = new Dictionary<(string, string), Row>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), reader.GetString(1)), new Row(
                reader.GetFieldValue<byte[]>(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.IsDBNull(4) ? 0 : reader.GetInt64(4))));
        }

        return rows;
    }

    private byte[] Protect<T>(Kind<T> kind, T secret) => _protector.Protect(Encoding.ASCII.GetBytes(kind.Reveal(secret)));

    private T? Unprotect<T>(string hookKey, Kind<T> kind, byte[] secret)
        where T : class
    {
        try
        {
            return kind.Parse(Encoding.ASCII.GetString(_protector.Unprotect(secret)));
        }
        catch (CryptographicException exception)
        {
            logger.LogError(exception, "What hook {Hook} signs with ({Kind}) cannot be decrypted: the host's keys were lost. It gets a new one; rotate it and tell the receiver.", hookKey, kind.Name);
            return null;
        }
    }

    private sealed record Row(byte[] Secret, byte[]? Retiring, DateTimeOffset RetiringUntil);

    // How one kind is made, written and read; the name stands in the database.
    private sealed record Kind<T>(string Name, Func<T> Generate, Func<string, T?> Parse, Func<T, string> Reveal);
}

/// <summary>What a rotation gave.</summary>
/// <param name="Secret">The new secret, to be shown this once; null when the hook has none that was generated.</param>
/// <param name="Key">The new key pair, of which the public half is shown; null when the hook has none.</param>
/// <param name="FormerValidUntil">When the former ones end to sign.</param>
internal sealed record Rotation(WebhookSecret? Secret, SigningKey? Key, DateTimeOffset FormerValidUntil);
