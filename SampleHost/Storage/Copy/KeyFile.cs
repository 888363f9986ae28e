using System.Xml;
using System.Xml.Linq;

namespace SampleHost.Storage.Copy;

/// <summary>A key of cookies, forms and what plugins encrypt, which a host on SQLite keeps as a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Xml">The key, as <see cref="KeyTable"/> writes it.</param>
internal sealed record KeyFile(string Name, string Xml)
{
    /// <summary>The folder of keys below a data directory.</summary>
    public static string FolderOf(string dataDirectory) => Path.Combine(dataDirectory, "keys");

    /// <exception cref="InvalidOperationException">One of them cannot be read; the message is the remedy.</exception>
    public static IReadOnlyList<KeyFile> ReadAll(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(Read)] : [];

    private static KeyFile Read(string file)
    {
        try
        {
            return new KeyFile(Path.GetFileNameWithoutExtension(file), XElement.Load(file).ToString(SaveOptions.DisableFormatting));
        }
        catch (XmlException exception)
        {
            throw new InvalidOperationException($"The key {file} is damaged. Take it away, or put it back from a backup: what was encrypted with it cannot be read without.", exception);
        }
    }

    // The generated text would tell the key.
    public override string ToString() => Name;
}
