namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>What a PHP text with <c>$api_webhooks_urls</c> comes to: one of the nested records, and no other.</summary>
internal abstract record ImportResult
{
    private ImportResult()
    {
    }

    /// <summary>The text was understood.</summary>
    /// <param name="Buttons">The equivalent <c>buttons[]</c>; the order is kept, so that the first stands rightmost here too.</param>
    /// <param name="Warnings">What will be different, in the order of the text.</param>
    public sealed record Imported(IReadOnlyList<ImportedButton> Buttons, IReadOnlyList<ImportNote> Warnings) : ImportResult;

    /// <summary>The text was not understood; every fault that was found, in its order.</summary>
    public sealed record Refused(IReadOnlyList<ImportNote> Faults) : ImportResult;
}

/// <summary>An entry of <c>buttons[]</c>.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Buttontext">Its label, with languages as written.</param>
/// <param name="Url">The address, as written: it may hold a password.</param>
internal sealed record ImportedButton(string Location, string Buttontext, string Url);

/// <summary>Something to know about a place of the text.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column in the line, counted in UTF-16 code units from 1.</param>
/// <param name="Message">What it is.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record ImportNote(int Line, int Column, string Message, string Remedy);
