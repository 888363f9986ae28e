using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SampleHost.Storage.Copy;

/// <summary>
/// The number of rows and a checksum over their values, the same whatever order they come in and whichever database they are read from: the sum of the rows'
/// SHA-256, each over its values with their kinds and lengths.
/// </summary>
internal sealed class RowSum
{
    private readonly ArrayBufferWriter<byte> _row = new();
    private UInt128 _sum;

    public long Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <exception cref="InvalidOperationException">It has a value of a kind that no table has.</exception>
    public void Add(ReadOnlySpan<object?> values)
    {
        _row.ResetWrittenCount();
        foreach (var value in values)
            Write(value);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.WrittenSpan, hash);
        // Wraps around: what counts is that it is the same on both sides.
        _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128LittleEndian(hash));
        Rows++;
    }

    public bool Equals(RowSum other) => (Rows, _sum) == (other.Rows, other._sum);

    /// <summary>For people: the number of rows and the beginning of the checksum.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Rows:N0} rows, checksum {_sum >> 64:x16}");

    private void Write(object? value)
    {
        switch (value)
        {
            case null:
                WriteHead(0, 0);
                break;
            case long number:
                WriteHead(1, number);
                break;
            case int number:
                WriteHead(1, number);
                break;
            case string text:
                WriteHead(2, Encoding.UTF8.GetByteCount(text));
                Encoding.UTF8.GetBytes(text, _row);
                break;
            case byte[] bytes:
                WriteHead(3, bytes.Length);
                _row.Write(bytes);
                break;
            default:
                throw new InvalidOperationException($"A value of the type {value.GetType().Name} stands in no table.");
        }
    }

    private void WriteHead(byte kind, long number)
    {
        var head = _row.GetSpan(1 + sizeof(long));
        head[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], number);
        _row.Advance(1 + sizeof(long));
    }
}
