using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace SampleHost.Storage;

/// <summary>
/// The keys of cookies, forms and what plugins encrypt, in the database that several hosts share: each host understands what any of them gave out.
/// On SQLite, with one host, they are files in the data directory.
/// </summary>
internal sealed class KeyTable(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        database.Open();
        return [.. database.Read(connection => connection.Query<string>("SELECT xml FROM protection_keys ORDER BY id")).Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        database.Open();
        var xml = element.ToString(SaveOptions.DisableFormatting);
        // Called where nothing can be awaited, and seldom: once when a key is made.
        database.WriteAsync(
            scope => scope.Connection.Execute("INSERT INTO protection_keys (name, xml) VALUES (@friendlyName, @xml)", new { friendlyName, xml }),
            CancellationToken.None).GetAwaiter().GetResult();
    }
}
