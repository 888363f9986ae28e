using Dam.Hosting;

namespace Plugin.ApiWebhooks.Configure.Stored;

/// <summary>Makes, changes and deletes hooks that do not stand in config.json. Each call returns when it is in force: the next change is matched by it.</summary>
/// <remarks>Who may do it is the caller's to decide: each door has its own rules.</remarks>
/// <param name="table">Where they are kept.</param>
/// <param name="settings">The settings in force.</param>
/// <param name="events">Brings the subscriptions in step.</param>
/// <param name="time">The clock.</param>
internal sealed class StoredHooks(StoredHookTable table, SettingsWatcher settings, EventPipeline events, TimeProvider time)
{
    /// <summary>How many hooks may be stored: each is looked at for every change.</summary>
    public const int Most = 10_000;

    /// <summary>How many of them one user may own.</summary>
    public const int MostOfOwner = 1000;

    /// <summary>How long a deletion can be undone.</summary>
    public static readonly TimeSpan UndoWindow = TimeSpan.FromMinutes(10);

    /// <summary>All stored hooks, oldest first; also those of which the settings cannot be read any more by their dialect. A deleted one is not there.</summary>
    public IReadOnlyList<StoredHook> All => table.Present;

    /// <summary>The deleted hooks that can still be had back, the latest deletion first.</summary>
    public IReadOnlyList<StoredHook> Deleted
    {
        get
        {
            var now = time.GetUtcNow();
            return [.. table.All.Where(hook => hook.Deletion?.RemoveAt > now).OrderByDescending(hook => hook.Deletion!.At)];
        }
    }

    /// <summary>The hook with an id, or null.</summary>
    public StoredHook? Find(Guid id) => table.Find(id) is { Deletion: null } hook ? hook : null;

    /// <summary>Reads settings as they would be stored, and stores nothing.</summary>
    public StoreCheck Check(NewStoredHook hook)
    {
        var (read, faults) = StoredHookReader.Read(hook.Settings, Guid.Empty, hook.Owner, settings.Context());
        return new StoreCheck(read is null ? null : read with { Via = NetworkReader.WayOf(read, settings.Current.Network) }, faults);
    }

    /// <summary>Makes a hook. It is owed the changes from now on, or from where its <c>startFrom</c> says.</summary>
    public async Task<StoreResult> CreateAsync(NewStoredHook hook)
    {
        var (read, faults) = StoredHookReader.Read(hook.Settings, Guid.Empty, hook.Owner, settings.Context());
        if (read is null)
            return new StoreResult.Refused(faults);
        if (FindTooMany(hook.Owner) is { } tooMany)
            return new StoreResult.Refused([tooMany]);
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var stored = new StoredHook
        {
            Id = id,
            Key = StoredHook.KeyOf(id),
            Dialect = read.Dialect,
            Scope = hook.Scope,
            Owner = hook.Owner,
            Settings = hook.Settings.DeepClone().AsObject(),
            Extra = hook.Extra?.DeepClone().AsObject(),
            Version = 1,
            CreatedAt = now,
            CreatedBy = hook.Owner,
            ModifiedAt = now,
            ModifiedBy = hook.Owner,
        };
        await table.AddAsync(stored);
        await ApplyAsync();
        return new StoreResult.Stored(stored);
    }

    /// <summary>Changes a hook. What it is owed already keeps its bytes, and goes where the hook leads now.</summary>
    public async Task<StoreResult> ReplaceAsync(Guid id, StoredHookEdit edit)
    {
        while (true)
        {
            if (Find(id) is not { } current)
                return new StoreResult.NotFound();
            if (edit.ExpectedVersion is { } expected && expected != current.Version)
                return new StoreResult.Stale(current);
            var (read, faults) = StoredHookReader.Read(edit.Settings, id, current.Owner, settings.Context());
            if (read is null)
                return new StoreResult.Refused(faults);
            var next = current with
            {
                Dialect = read.Dialect,
                Settings = edit.Settings.DeepClone().AsObject(),
                Extra = edit.Extra?.DeepClone().AsObject(),
                Version = current.Version + 1,
                ModifiedAt = time.GetUtcNow(),
                ModifiedBy = edit.By,
            };
            // Somebody else was quicker: look again.
            if (!await table.ReplaceAsync(next))
                continue;
            await ApplyAsync();
            return new StoreResult.Stored(next);
        }
    }

    /// <summary>
    /// Deletes a hook so that it can be had back for <see cref="UndoWindow"/>: it is sent nothing from now on, and what it is owed meanwhile is held. For everybody
    /// else it is gone at once.
    /// </summary>
    /// <param name="hook">The hook, in the version that is to be deleted.</param>
    /// <param name="by">The name of the user who deletes it.</param>
    /// <returns>Until when it can be had back; null when it is not there any more, or was saved meanwhile.</returns>
    public async Task<DateTimeOffset?> DeleteForNowAsync(StoredHook hook, string by)
    {
        var now = time.GetUtcNow();
        var deletion = new HookDeletion(now, by, now + UndoWindow);
        if (!await table.MarkDeletedAsync(hook, deletion))
            return null;
        await ApplyAsync();
        return deletion.RemoveAt;
    }

    /// <summary>Takes a deletion back: the hook is what it was, and what was held meanwhile is sent, unless it was paused or disabled before.</summary>
    /// <returns>False when there is none to be had back.</returns>
    public async Task<bool> RestoreAsync(Guid id)
    {
        if (!await table.UndeleteAsync(id, time.GetUtcNow()))
            return false;
        await ApplyAsync();
        return true;
    }

    /// <summary>Removes for good what was deleted and cannot be had back any more.</summary>
    public async Task RemoveDeletedAsync()
    {
        var now = time.GetUtcNow();
        foreach (var hook in table.All.Where(hook => hook.Deletion?.RemoveAt <= now))
            await DeleteAsync(hook.Id);
    }

    /// <summary>Removes for good whatever was deleted of a scope, for a door of which the scope has one hook alone.</summary>
    public async Task RemoveDeletedOfAsync(string scope)
    {
        foreach (var hook in table.All.Where(hook => hook.Deletion is not null && hook.Scope == scope))
            await DeleteAsync(hook.Id);
    }

    /// <summary>Deletes a hook for good. What it is owed is cancelled; its history stays as long as that of others.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> DeleteAsync(Guid id)
    {
        if (!await table.DeleteAsync(id))
            return false;
        await ApplyAsync();
        await events.Subscriptions!.ForgetAsync(StoredHook.KeyOf(id), CancellationToken.None);
        return true;
    }

    private PluginFault? FindTooMany(string owner)
    {
        // Also those that may come back.
        var all = table.All;
        if (all.Count >= Most)
            return new(FaultSeverity.Error, "", $"There are {Most} subscriptions already.", "Delete some that nobody needs any more.");
        return all.Count(hook => hook.Owner.Equals(owner, StringComparison.OrdinalIgnoreCase)) >= MostOfOwner
            ? new(FaultSeverity.Error, "", $"{owner} has {MostOfOwner} subscriptions already.", "Delete some that nobody needs any more.")
            : null;
    }

    // Settings first, which gives a new hook what it signs with; then the subscriptions.
    private async Task ApplyAsync()
    {
        await settings.RefreshAsync();
        await events.ApplySettingsAsync();
    }
}

/// <summary>What reading settings gave that are not stored.</summary>
/// <param name="Settings">The hook as it would be in force, without what it signs with; null when it is faulty.</param>
/// <param name="Faults">What is wrong, warnings included; places begin within the hook.</param>
internal sealed record StoreCheck(HookSettings? Settings, IReadOnlyList<PluginFault> Faults);
