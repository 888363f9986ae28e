using Npgsql;
using NpgsqlTypes;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>
/// Many rows on their way into a table by COPY: one statement whatever their number, no arrays of bodies in memory, and the server writes them page by page.
/// It has no ON CONFLICT: what is there already is found out before. Nothing else runs on the connection meanwhile.
/// </summary>
internal sealed class PostgresCopy(NpgsqlBinaryImporter importer) : RowValues, IDisposable
{
    /// <summary>Begins a row.</summary>
    public PostgresCopy Next()
    {
        importer.StartRow();
        return this;
    }

    /// <inheritdoc/>
    public override void Put(long value) => importer.Write(value, NpgsqlDbType.Bigint);

    /// <inheritdoc/>
    public override void Put(string value) => importer.Write(PostgresText.Storable(value), NpgsqlDbType.Text);

    /// <inheritdoc/>
    public override void PutBlob(ReadOnlyMemory<byte> value) => importer.Write(value, NpgsqlDbType.Bytea);

    /// <inheritdoc/>
    public override void PutNull() => importer.WriteNull();

    /// <summary>Stores the rows.</summary>
    /// <exception cref="PostgresException">One of them cannot be stored, and so none is.</exception>
    public void Complete() => importer.Complete();

    /// <summary>Stores nothing, unless completed.</summary>
    public void Dispose() => importer.Dispose();
}
