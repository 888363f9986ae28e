namespace Dam.Hosting;

/// <summary>Knows the users, also such as make no request now.</summary>
public interface IUserDirectory
{
    /// <summary>
    /// The user of a name, as the last commit left names, address and roles. Answered from memory: cheap enough to be asked for every owner of something, each time
    /// something happens.
    /// </summary>
    /// <param name="name">The name; upper and lower case do not matter.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The user, with no API key; null when there is none, because he was deleted for instance.</returns>
    ValueTask<HostUser?> FindAsync(string name, CancellationToken cancellationToken);
}
