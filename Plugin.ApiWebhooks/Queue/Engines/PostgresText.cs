using System.Text;

namespace Plugin.ApiWebhooks.Queue.Engines;

/// <summary>Texts as PostgreSQL stores them.</summary>
internal static class PostgresText
{
    /// <summary>
    /// The text, with a replacement character for what PostgreSQL refuses and SQLite stores: NUL, and halves of surrogate pairs. What a receiver answered must not
    /// keep a batch from being stored, which is tried again for ever.
    /// </summary>
    public static string Storable(string text)
    {
        var span = text.AsSpan();
        if (!span.Contains('\0') && !span.ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
    }
}
