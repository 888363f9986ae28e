using Plugin.ApiWebhooks.Queue.Engines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.ApiWebhooks.Configure.Stored;

/// <summary>Keeps stored hooks in the plugin's database, and in memory as they are in the database.</summary>
/// <param name="database">The plugin's database, table <c>stored_hook</c>.</param>
/// <param name="protection">The host's data protection.</param>
/// <param name="logger">Where a hook that cannot be read any more is told.</param>
internal sealed class StoredHookTable(PluginDatabase database, IDataProtectionProvider protection, ILogger<StoredHookTable> logger)
{
    private const string SelectAll = """
        SELECT id, dialect, scope, owner, settings, extra, version, created_at, created_by, modified_at, modified_by, deleted_at, deleted_by, remove_at
        FROM stored_hook ORDER BY created_at, id
        """;

    private const string Insert = """
        INSERT INTO stored_hook (id, hook_key, dialect, scope, owner, settings, extra, version, created_at, created_by, modified_at, modified_by)
        VALUES (@id, @key, @dialect, @scope, @owner, @settings, @extra, @version, @created, @creator, @modified, @modifier)
        """;

    // The version decides who was first, of whoever saves at the same time.
    private const string Update = """
        UPDATE stored_hook
        SET dialect = @dialect, owner = @owner, settings = @settings, extra = @extra, version = @version, modified_at = @modified, modified_by = @modifier
        WHERE id = @id AND version = @version - 1 AND deleted_at IS NULL
        """;

    // Of two who delete or undo at the same time one is first; the other changes nothing.
    private const string MarkDeleted = """
        UPDATE stored_hook SET deleted_at = @at, deleted_by = @by, remove_at = @until WHERE id = @id AND version = @version AND deleted_at IS NULL
        """;

    private const string Undelete = """
        UPDATE stored_hook SET deleted_at = NULL, deleted_by = NULL, remove_at = NULL WHERE id = @id AND remove_at > @now
        """;

    private const string Delete = "DELETE FROM stored_hook WHERE id = @id";

    private const string DeleteSecrets = "DELETE FROM hook_secret WHERE hook_key = @key";

    private readonly IDataProtector _protector = protection.CreateProtector("ApiWebhooks.StoredHooks");
    private readonly Lock _changing = new();
    private volatile Snapshot? _current;

    /// <summary>All hooks, oldest first; also those that were deleted and may come back.</summary>
    public IReadOnlyList<StoredHook> All => Current().All;

    /// <summary>Those that are there: without the deleted ones.</summary>
    public IReadOnlyList<StoredHook> Present => Current().Present;

    /// <summary>The hook with an id, deleted or not; null when there is none.</summary>
    public StoredHook? Find(Guid id) => Current().ById.GetValueOrDefault(id);

    /// <summary>Reads them again: another node may have changed them.</summary>
    public void ReadAgain()
    {
        lock (_changing)
            _current = new Snapshot(database.Read(ReadAll));
    }

    /// <summary>Stores a new hook.</summary>
    public async Task AddAsync(StoredHook hook)
    {
        await database.WriteAsync(c => Bind(c.Prepared(Insert), hook).Bind("@key", hook.Key).Bind("@scope", hook.Scope)
            .Bind("@created", hook.CreatedAt).Bind("@creator", hook.CreatedBy).ExecuteNonQuery());
        // Whoever read them again since may have it already, or a later version.
        Keep(all => all.Any(each => each.Id == hook.Id) ? all : all.Append(hook));
    }

    /// <summary>Stores a hook's next version.</summary>
    /// <returns>False when there is none any more, or another version than the one before it.</returns>
    public async Task<bool> ReplaceAsync(StoredHook hook)
    {
        if (await database.WriteAsync(c => Bind(c.Prepared(Update), hook).ExecuteNonQuery()) == 0)
            return false;
        Keep(all => all.Select(each => each.Id == hook.Id && each.Version < hook.Version ? hook : each));
        return true;
    }

    /// <summary>Marks a hook as deleted; nothing of it is lost yet.</summary>
    /// <param name="hook">The hook, in the version that is to be deleted.</param>
    /// <param name="deletion">When, by whom and until when.</param>
    /// <returns>False when there is none any more, or another version.</returns>
    public async Task<bool> MarkDeletedAsync(StoredHook hook, HookDeletion deletion)
    {
        var marked = await database.WriteAsync(c => c.Prepared(MarkDeleted).Bind("@id", hook.Id.ToString("D")).Bind("@version", hook.Version)
            .Bind("@at", deletion.At).Bind("@by", deletion.By).Bind("@until", deletion.RemoveAt).ExecuteNonQuery());
        if (marked == 0)
            return false;
        Keep(all => all.Select(each => each.Id == hook.Id ? each with { Deletion = deletion } : each));
        return true;
    }

    /// <summary>Takes a deletion back.</summary>
    /// <returns>False when there is no such hook, or it was not deleted, or its time is over.</returns>
    public async Task<bool> UndeleteAsync(Guid id, DateTimeOffset now)
    {
        var undone = await database.WriteAsync(c => c.Prepared(Undelete).Bind("@id", id.ToString("D")).Bind("@now", now).ExecuteNonQuery());
        if (undone == 0)
            return false;
        Keep(all => all.Select(each => each.Id == id ? each with { Deletion = null } : each));
        return true;
    }

    /// <summary>Deletes a hook for good, and what it signed with.</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> DeleteAsync(Guid id)
    {
        var deleted = await database.WriteAsync(c =>
        {
            c.Prepared(DeleteSecrets).Bind("@key", StoredHook.KeyOf(id)).ExecuteNonQuery();
            return c.Prepared(Delete).Bind("@id", id.ToString("D")).ExecuteNonQuery() == 1;
        });
        Keep(all => all.Where(each => each.Id != id));
        return deleted;
    }

    private Snapshot Current()
    {
        if (_current is { } known)
            return known;
        lock (_changing)
            return _current ??= new Snapshot(database.Read(ReadAll));
    }

    private void Keep(Func<IEnumerable<StoredHook>, IEnumerable<StoredHook>> change)
    {
        lock (_changing)
            _current = new Snapshot([.. change(Current().All)]);
    }

    private DbCommand Bind(DbCommand command, StoredHook hook) => command
        .Bind("@id", hook.Id.ToString("D")).Bind("@dialect", hook.Dialect).Bind("@owner", hook.Owner)
        .Bind("@settings", _protector.Protect(Encoding.UTF8.GetBytes(hook.Settings.ToJsonString()))).Bind("@extra", hook.Extra?.ToJsonString())
        .Bind("@version", hook.Version).Bind("@modified", hook.ModifiedAt).Bind("@modifier", hook.ModifiedBy);

    private List<StoredHook> ReadAll(PluginConnection c)
    {
        var hooks = new List<StoredHook>();
        using var reader = c.Prepared(SelectAll).ExecuteReader();
        while (reader.Read())
        {
            var id = Guid.ParseExact(reader.GetString(0), "D");
            if (Unprotect(id, reader.GetFieldValue<byte[]>(4)) is not { } settings)
                continue;
            hooks.Add(new StoredHook
            {
                Id = id,
                Key = StoredHook.KeyOf(id),
                Dialect = reader.GetString(1),
                Scope = reader.GetString(2),
                Owner = reader.GetString(3),
                Settings = settings,
                Extra = reader.FindString(5) is { } extra ? JsonNode.Parse(extra)!.AsObject() : null,
                Version = reader.GetInt32(6),
                CreatedAt = reader.GetInstant(7),
                CreatedBy = reader.GetString(8),
                ModifiedAt = reader.GetInstant(9),
                ModifiedBy = reader.GetString(10),
                Deletion = reader.IsDBNull(11) ? null : new HookDeletion(reader.GetInstant(11), reader.GetString(12), reader.GetInstant(13)),
            });
        }
        return hooks;
    }

    private JsonObject? Unprotect(Guid id, byte[] settings)
    {
        try
        {
            return JsonNode.Parse(_protector.Unprotect(settings))!.AsObject();
        }
        catch (CryptographicException exception)
        {
            logger.LogError(exception, "The stored hook {Id} cannot be decrypted: the host's keys were lost. It is sent nothing; what it is owed is held. Make it again.", id);
            return null;
        }
    }

    // As they are in the database at one moment.
    private sealed class Snapshot(IReadOnlyList<StoredHook> all)
    {
        public IReadOnlyList<StoredHook> All => all;

        public IReadOnlyList<StoredHook> Present { get; } = [.. all.Where(hook => hook.Deletion is null)];

        public Dictionary<Guid, StoredHook> ById { get; } = all.ToDictionary(hook => hook.Id);
    }
}
