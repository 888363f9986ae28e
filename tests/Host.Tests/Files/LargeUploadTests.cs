namespace Host.Tests.Files;

/// <summary>Tests that measure the whole process run without others beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class LargeUploadTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Fact]
    public async Task Large_files_go_to_disk_without_passing_through_memory()
    {
        const long length = 200L * 1024 * 1024;
        var id = (await host.InsertAsync(new { title = "Large" })).GetProperty("id").GetInt64();
        using var body = new MultipartFormDataContent { { new StreamContent(new PatternStream(length), 1 << 20), "file", "large.bin" } };
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes();
        using var response = await host.Editor.PostAsync($"/api/records/{id}/files", body);
        var file = (await Answer.JsonAsync(response, 201)).GetProperty("files")[0];

        Assert.Equal(length, file.GetProperty("length").GetInt64());
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, length / 4);
    }
}

/// <summary>A stream of any length that needs no memory.</summary>
internal sealed class PatternStream(long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = (int)Math.Min(count, length - _position);
        buffer.AsSpan(offset, read).Fill((byte)(_position >> 20));
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
