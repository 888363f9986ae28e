using System.Collections.Concurrent;
using Dam.Hosting;
using System.Data.Common;
using SampleHost.Storage;

namespace SampleHost.Accounts;

/// <summary>
/// The users as the last commit left them, from memory. What is kept is thrown away when the database's own count of changes to accounts moved, so that also
/// <c>users add</c> in another process is noticed.
/// </summary>
internal sealed class UserDirectory(Users users, Database database) : IUserDirectory
{
    private volatile Known _known = new(0);

    public ValueTask<HostUser?> FindAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Find(name));
    }

    public HostUser? Find(string name)
    {
        // Read before the user: what is stored under a version is then that version's or newer, and a newer one is looked up again.
        var version = database.Read(ReadVersion);
        var known = _known;
        if (known.Version != version)
            _known = known = new Known(version);
        if (known.ByName.TryGetValue(name, out var user))
            return user;
        user = users.Find(name);
        // Only such as exist: names that strangers think up must not fill the memory.
        if (user is not null)
            known.ByName[name] = user;
        return user;
    }

    private static long ReadVersion(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version FROM accounts_version";
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Known(long version)
    {
        public long Version { get; } = version;

        public ConcurrentDictionary<string, HostUser> ByName { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
