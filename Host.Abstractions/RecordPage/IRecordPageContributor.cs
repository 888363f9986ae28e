using Microsoft.AspNetCore.Html;

namespace Dam.Hosting;

/// <summary>Registered by a plugin that adds a panel to the host's page of one record.</summary>
public interface IRecordPageContributor
{
    /// <summary>The panel for one view of a record's page. Reading is fine; calling other systems is not, since a reader waits.</summary>
    /// <remarks>
    /// The host has checked that the user may see the record, and nothing else: what the panel tells is for the plugin to check. The host waits for a short while only. A
    /// panel that is late, or whose making throws, is left out and the page says so; nothing else of the page suffers.
    /// </remarks>
    /// <param name="page">The record and who looks at it.</param>
    /// <param name="cancellationToken">Cancelled when the host waits no longer.</param>
    /// <returns>The panel; null when this user is shown none.</returns>
    ValueTask<RecordPanel?> DescribeAsync(RecordPageContext page, CancellationToken cancellationToken);
}

/// <summary>A view of a record's page.</summary>
/// <param name="Record">The record as stored.</param>
/// <param name="User">Who looks at it.</param>
/// <param name="Language">The page's language, a BCP 47 tag such as <c>en</c> or <c>fr-CA</c>.</param>
public sealed record RecordPageContext(RecordSnapshot Record, HostUser User, string Language);

/// <summary>A panel of a record's page.</summary>
/// <param name="Title">Its heading; plain text, the host encodes it.</param>
/// <param name="Content">
/// What stands below the heading, already encoded. Style sheets and scripts by address only: the page's content security policy allows nothing inline. Headings in it
/// begin with <c>h3</c>. The host writes it once, before <see cref="IRecordPageContributor.DescribeAsync"/> counts as done.
/// </param>
public sealed record RecordPanel(string Title, IHtmlContent Content);
