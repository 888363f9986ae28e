namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>A statement that runs for every delivery: its values are given by position (<c>?1</c>, <c>?2</c>, ...), in the order in which they are added.</summary>
internal abstract class HotStatement : RowValues, IDisposable
{
    /// <summary>The number of the row that was inserted last.</summary>
    public abstract long LastId { get; }

    /// <summary>Runs the statement with the values added.</summary>
    /// <returns>How many rows it changed.</returns>
    /// <exception cref="System.Data.Common.DbException">It failed.</exception>
    public abstract int Run();

    /// <summary>Runs the statement with the values added, row by row. It must be let go of with <see cref="End"/> unless all rows are read.</summary>
    /// <returns>Whether there is a row.</returns>
    public abstract bool Read();

    /// <summary>Lets go of the rows that were not read.</summary>
    public abstract void End();

    /// <summary>Whether a value of the row is NULL.</summary>
    public abstract bool IsNull(int column);

    /// <summary>A number of the row.</summary>
    public abstract long Number(int column);

    /// <summary>A number of the row, or null.</summary>
    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    /// <summary>An instant of the row, stored as Unix milliseconds, or null.</summary>
    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);

    /// <summary>An instant of the row, stored as Unix milliseconds.</summary>
    public DateTimeOffset Instant(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    /// <summary>A text of the row.</summary>
    public abstract string Text(int column);

    /// <summary>A text of the row, or null.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>Bytes of the row, copied.</summary>
    public abstract byte[] Blob(int column);

    /// <inheritdoc/>
    public abstract void Dispose();
}
