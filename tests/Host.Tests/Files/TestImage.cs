using System.Buffers.Binary;
using System.Text;

namespace Host.Tests.Files;

/// <summary>Makes real JPEG files of one grey pixel with embedded metadata.</summary>
internal static class TestImage
{
    private static readonly byte[] Pixel = Convert.FromHexString(
        "FFDB004300030202020202030202020303030304060404040404080606050609080A0A090809090A0C0F0C0A0B0E0B09090D110D0E0F101011100A0C12131210130F101010"
        + "FFC9000B080001000101011100FFCC000600101005FFDA0008010100003F00D2CF20FFD9");

    /// <summary>A JPEG with what the arguments give: EXIF by tag of the first directory, IPTC by dataset of record 2, XMP as a packet.</summary>
    public static byte[] Jpeg(
        IReadOnlyDictionary<int, string>? exif = null, IReadOnlyList<(byte DataSet, string Value)>? iptc = null, string? xmp = null)
    {
        using var jpeg = new MemoryStream();
        jpeg.Write([0xFF, 0xD8]);
        if (exif is not null)
            Segment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. Tiff(exif)]);
        if (xmp is not null)
            Segment(jpeg, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Encoding.UTF8.GetBytes(xmp)]);
        if (iptc is not null)
            Segment(jpeg, 0xED, Photoshop(iptc));
        jpeg.Write(Pixel);
        return jpeg.ToArray();
    }

    public static string Xmp(string title, string description, string[] creators, string[] subjects) => $"""
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
        <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
        <dc:creator><rdf:Seq>{string.Concat(creators.Select(one => $"<rdf:li>{one}</rdf:li>"))}</rdf:Seq></dc:creator>
        <dc:subject><rdf:Bag>{string.Concat(subjects.Select(one => $"<rdf:li>{one}</rdf:li>"))}</rdf:Bag></dc:subject>
        <photoshop:DateCreated>2019-04-21T10:00:00</photoshop:DateCreated>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        """;

    private static void Segment(Stream jpeg, byte marker, ReadOnlySpan<byte> content)
    {
        jpeg.Write([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2)]);
        jpeg.Write(content);
    }

    private static byte[] Tiff(IReadOnlyDictionary<int, string> tags)
    {
        var ordered = tags.OrderBy(tag => tag.Key).Select(tag => (tag.Key, Value: (byte[])[.. Encoding.UTF8.GetBytes(tag.Value), 0])).ToList();
        var directory = 2 + (ordered.Count * 12) + 4;
        using var values = new MemoryStream();
        var tiff = new byte[8 + directory];
        "MM\0*"u8.CopyTo(tiff);
        BinaryPrimitives.WriteUInt32BigEndian(tiff.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(8), (ushort)ordered.Count);
        for (var i = 0; i < ordered.Count; i++)
        {
            var entry = tiff.AsSpan(10 + (i * 12), 12);
            BinaryPrimitives.WriteUInt16BigEndian(entry, (ushort)ordered[i].Key);
            BinaryPrimitives.WriteUInt16BigEndian(entry[2..], 2);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], (uint)ordered[i].Value.Length);
            if (ordered[i].Value.Length <= 4)
            {
                ordered[i].Value.CopyTo(entry[8..]);
                continue;
            }

            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)(tiff.Length + values.Length));
            values.Write(ordered[i].Value);
        }

        return [.. tiff, .. values.ToArray()];
    }

    private static byte[] Photoshop(IReadOnlyList<(byte DataSet, string Value)> iptc)
    {
        using var records = new MemoryStream();
        // The character set: UTF-8.
        records.Write([0x1C, 1, 90, 0, 3, 0x1B, 0x25, 0x47]);
        foreach (var (dataSet, value) in iptc)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            records.Write([0x1C, 2, dataSet, (byte)(bytes.Length >> 8), (byte)bytes.Length]);
            records.Write(bytes);
        }

        var length = (int)records.Length;
        byte[] padding = length % 2 == 0 ? [] : [0];
        return [.. "Photoshop 3.0\0"u8, .. "8BIM"u8, 0x04, 0x04, 0, 0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. records.ToArray(), .. padding];
    }
}
