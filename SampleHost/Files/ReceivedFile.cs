namespace SampleHost.Files;

/// <summary>An upload that arrived whole: its content is on disk, no record has it yet.</summary>
/// <param name="Name">A safe file name, without folders.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record ReceivedFile(string Name, string MediaType, long Length, string Sha256);
