using System.Security.Cryptography;
using System.Text;
using Dam.Hosting;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>
/// The UUIDs that Contensis' clients expect where a host has identifiers of another form: made from these, so that the same thing has the same one for ever, in
/// every message and on every machine.
/// </summary>
internal static class ContensisIds
{
    public static Guid OfRecord(RecordSnapshot record) => From("record", record.Pid);

    public static Guid OfFile(FileSnapshot file) => From("file", file.Pid);

    public static Guid OfUser(string name) => From("user", name.ToLowerInvariant());

    /// <summary>The id of a subscription that stands in config.json.</summary>
    public static Guid OfHook(string key) => From("hook", key);

    // A UUID of version 8 (RFC 9562): bits of a hash, and the six that say so.
    private static Guid From(string kind, string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"contensis {kind} {name}"), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
