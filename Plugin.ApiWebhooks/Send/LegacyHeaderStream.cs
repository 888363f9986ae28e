namespace Plugin.ApiWebhooks.Send;

/// <summary>
/// Spells the header <c>Content-Type</c> as <c>Content-type</c> in the request that leaves, as the ResourceSpace plugin did. Headers know no
/// letter case, but some old scripts behind that plugin read the raw bytes. One request per connection.
/// </summary>
internal sealed class LegacyHeaderStream(Stream inner) : Stream
{
    private bool _done;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(Respelt(buffer), cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(Respelt(buffer.AsMemory(offset, count)).Span);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> Respelt(ReadOnlyMemory<byte> buffer)
    {
        if (_done)
            return buffer;
        // Only among the headers: a body may well hold the same words.
        var headers = buffer.Span.IndexOf("\r\n\r\n"u8);
        var at = buffer.Span[..(headers < 0 ? buffer.Length : headers)].IndexOf("\r\nContent-Type:"u8);
        _done = headers >= 0 || at >= 0;
        if (at < 0)
            return buffer;
        var copy = buffer.ToArray();
        copy[at + "\r\nContent-".Length] = (byte)'t';
        return copy;
    }
}
