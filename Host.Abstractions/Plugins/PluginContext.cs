namespace Dam.Hosting;

/// <summary>Where a loaded plugin stands and where it may write.</summary>
public sealed record PluginContext
{
    /// <summary>The plugin's id, from its manifest; also its folder's name below the plugins folder.</summary>
    public required string Id { get; init; }

    /// <summary>The plugin's version, from its manifest.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// Absolute path of the plugin's own folder, where <c>plugin.json</c> and its settings stand. It may be read-only. The assemblies
    /// run from a shadow copy elsewhere, so files here may be replaced at any time.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>Absolute path of an existing folder for the plugin's own data. It outlives reloads and upgrades.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// A PostgreSQL database that the host offers its plugins, as a connection string of Npgsql, or null. A plugin that uses it keeps to a schema of its own.
    /// When several nodes of the host run, all plugins of a kind share it. It may hold a password: it is not to be shown or logged.
    /// </summary>
    public string? PostgresConnection { get; init; }

    // The generated text of a record would tell the connection string.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Id = {Id}, Version = {Version}, Directory = {Directory}, DataDirectory = {DataDirectory}");
        return true;
    }
}
