using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;

namespace Plugin.ApiWebhooks.Api;

/// <summary>
/// Which presses a user sees: an administrator all, everybody else those on records that this user may edit. What is not seen is not there.
/// </summary>
internal sealed class PressAccess(PressLog presses, IRecordReader records)
{
    /// <summary>Whether a user sees the presses of a record.</summary>
    /// <param name="user">The user.</param>
    /// <param name="recordId">The record; null for the presses of all.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<bool> MaySeeAsync(HostUser user, long? recordId, CancellationToken cancellationToken) =>
        user.Roles.Contains(Gate.AdminRole)
        || (recordId is { } id && await records.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } record && records.CanEdit(user, record));

    /// <summary>One press, or null.</summary>
    public async Task<PressLogEntry?> FindAsync(HostUser user, string pressKey, CancellationToken cancellationToken) =>
        presses.Find(pressKey) is { } press && await MaySeeAsync(user, press.RecordId, cancellationToken).ConfigureAwait(false) ? press : null;
}
