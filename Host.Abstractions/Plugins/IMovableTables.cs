namespace Dam.Hosting;

/// <summary>
/// Registered by a plugin that keeps tables of its own in an SQLite file, and can keep the same tables in PostgreSQL. When the host moves there it copies the rows of the
/// one into the other: tables and columns of the same names. The plugin is configured for that and not started; nobody else uses its tables meanwhile.
/// </summary>
public interface IMovableTables
{
    /// <summary>Tells from where to where the tables go. Called first.</summary>
    /// <returns>Null when nothing is to be copied: there is no file, or the plugin's settings leave it where it is.</returns>
    TableMove? FindMove();

    /// <summary>
    /// Takes the file, and brings the tables of both sides up to date; those in PostgreSQL are made now. Called after <see cref="FindMove"/>, perhaps again after a copy that was
    /// cut off. What the making put into the new tables is replaced by what is copied.
    /// </summary>
    /// <returns>What is disposed of when the copy has ended: until then no other process takes the file.</returns>
    /// <exception cref="InvalidOperationException">Another process uses the file, or a newer version made it. The message is shown to people and says what to do.</exception>
    IDisposable Prepare();
}

/// <summary>From where to where a plugin's tables go.</summary>
/// <param name="File">Absolute path of the SQLite file.</param>
/// <param name="ConnectionString">The PostgreSQL database, as Npgsql reads it. It may hold a password: it is not to be shown or logged.</param>
/// <param name="Schema">The schema of the tables there.</param>
public sealed record TableMove(string File, string ConnectionString, string Schema)
{
    // The generated text of a record would tell the connection string.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"File = {File}, Schema = {Schema}");
        return true;
    }
}
