namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>Takes the values of a row, in the order of its columns. They are added with <see cref="RowAdding"/>.</summary>
internal abstract class RowValues
{
    /// <summary>Takes a number.</summary>
    public abstract void Put(long value);

    /// <summary>Takes a text.</summary>
    public abstract void Put(string value);

    /// <summary>Takes bytes.</summary>
    public abstract void PutBlob(ReadOnlyMemory<byte> value);

    /// <summary>Takes NULL.</summary>
    public abstract void PutNull();
}

/// <summary>Adds values one after the other.</summary>
internal static class RowAdding
{
    /// <summary>Adds a number.</summary>
    public static TRow Add<TRow>(this TRow row, long value)
        where TRow : RowValues
    {
        row.Put(value);
        return row;
    }

    /// <summary>Adds a number or NULL.</summary>
    public static TRow Add<TRow>(this TRow row, long? value)
        where TRow : RowValues
    {
        if (value is { } number)
            row.Put(number);
        else
            row.PutNull();
        return row;
    }

    /// <summary>Adds an instant, as Unix milliseconds.</summary>
    public static TRow Add<TRow>(this TRow row, DateTimeOffset value)
        where TRow : RowValues => row.Add(value.ToUnixTimeMilliseconds());

    /// <summary>Adds an instant, as Unix milliseconds, or NULL.</summary>
    public static TRow Add<TRow>(this TRow row, DateTimeOffset? value)
        where TRow : RowValues => row.Add(value?.ToUnixTimeMilliseconds());

    /// <summary>Adds a text or NULL.</summary>
    public static TRow Add<TRow>(this TRow row, string? value)
        where TRow : RowValues
    {
        if (value is null)
            row.PutNull();
        else
            row.Put(value);
        return row;
    }

    /// <summary>Adds bytes.</summary>
    public static TRow AddBlob<TRow>(this TRow row, ReadOnlyMemory<byte> value)
        where TRow : RowValues
    {
        row.PutBlob(value);
        return row;
    }

    /// <summary>Adds bytes; none are NULL.</summary>
    public static TRow AddBlobOrNull<TRow>(this TRow row, ReadOnlyMemory<byte> value)
        where TRow : RowValues
    {
        if (value.IsEmpty)
            row.PutNull();
        else
            row.PutBlob(value);
        return row;
    }
}
