using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.ApiWebhooks.Buttons.Import;

/// <summary>
/// Turns the <c>$api_webhooks_urls</c> of a ResourceSpace configuration into <c>buttons[]</c>. Pure: nothing of the text is run, stored or logged. What it gives
/// is read by the reader of config.json first, so that it can be pasted there as it is.
/// </summary>
internal static class ButtonImport
{
    /// <summary>The longest text, in UTF-16 code units; a whole config.php fits several times.</summary>
    public const int LongestText = 256 * 1024;

    private const int MostButtons = 200;

    private static readonly string[] Keys = ["location", "buttontext", "url"];

    /// <summary>Reads a text.</summary>
    /// <param name="source">A config.php, the statement, or the array alone.</param>
    public static ImportResult Read(string source)
    {
        var (faults, warnings) = (new PhpNotes(source), new PhpNotes(source));
        if (source.Length > LongestText)
            faults.Add(0, $"The text is {source.Length} characters long.", $"At most {LongestText} are read. Paste the part that sets $api_webhooks_urls.");
        var list = faults.Count > 0 ? null : WebhookUrls.Read(source, faults, warnings);
        var buttons = list is null ? [] : ReadButtons(list, faults, warnings);
        return faults.Count > 0 ? new ImportResult.Refused(faults.InOrder()) : new ImportResult.Imported(Accepted(buttons, warnings), warnings.InOrder());
    }

    private static List<(ImportedButton Button, int Offset)> ReadButtons(PhpValue.Map list, PhpNotes faults, PhpNotes warnings)
    {
        var buttons = new List<(ImportedButton Button, int Offset)>();
        if (list.Entries.Count == 0)
            warnings.Add(0, "The list is empty.", "ResourceSpace shows no button with it either.");
        if (list.Entries.Count > MostButtons)
            faults.Add(list.Entries[MostButtons].Offset, $"There are {list.Entries.Count} entries.", $"At most {MostButtons} are read.");
        for (var index = 0; index < Math.Min(list.Entries.Count, MostButtons); index++)
        {
            var entry = list.Entries[index];
            if (entry.Value is PhpValue.Map map)
            {
                if (Read(map, entry.Offset, index + 1, faults, warnings) is { } button)
                    buttons.Add((button, entry.Offset));
            }
            else if (entry.Value is not PhpValue.Unread)
                faults.Add(entry.Offset, "Every entry of $api_webhooks_urls must be an array of its own.", "Write array(array(\"location\" => …, \"buttontext\" => …, \"url\" => …)), also for one button.");
        }

        return buttons;
    }

    private static ImportedButton? Read(PhpValue.Map entry, int offset, int number, PhpNotes faults, PhpNotes warnings)
    {
        string? location = null, text = null, url = null;
        var urlOffset = offset;
        foreach (var (key, value, at) in entry.Entries)
        {
            if (!Keys.Contains(key))
                warnings.Add(at, $"The key “{Short(key)}” means nothing to ResourceSpace and was left out.", "See config.example.json for what a button can have here.");
            else if (value is PhpValue.Map)
                faults.Add(at, $"{key} must be a text, not an array.", "Write one text in quotes.");
            else if (value is PhpValue.Text { Value: var words })
                (location, text, url, urlOffset) = key switch
                {
                    "location" => (words, text, url, urlOffset),
                    "buttontext" => (location, words, url, urlOffset),
                    _ => (location, text, words, at),
                };
        }

        if (string.IsNullOrWhiteSpace(location))
            location = EditPageContext.EditLocation;
        else if (!string.Equals(location, EditPageContext.EditLocation, StringComparison.OrdinalIgnoreCase))
            warnings.Add(offset, $"The location is “{Short(location)}”: such a button is shown nowhere here. ResourceSpace never looked at it and showed the button on the edit page.", "Write \"edit\" to have it there.");
        if (string.IsNullOrWhiteSpace(text))
        {
            text = $"Button {number}";
            warnings.Add(offset, $"The button has no buttontext: ResourceSpace showed an arrow alone. Here it is called “{text}”.", "Give it a text.");
        }

        if (!string.IsNullOrWhiteSpace(url))
            return new ImportedButton(location, text, ImportedAddress.Read(url, urlOffset, warnings));
        if (!entry.Entries.Any(each => each.Key == "url" && each.Value is PhpValue.Unread))
            warnings.Add(offset, "The button has no url and was left out: pressing it could call nobody.", "Add the address that is to be called.");
        return null;
    }

    // The reader of config.json has the last word; what it refuses would keep the whole file from being used.
    private static List<ImportedButton> Accepted(List<(ImportedButton Button, int Offset)> buttons, PhpNotes warnings)
    {
        var accepted = new List<ImportedButton>(buttons.Count);
        foreach (var (button, offset) in buttons)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new ImportedButtons([button]), ImportJson.Readable.ImportedButtons);
            var faults = SettingsText.Read(json, new ReadingContext([], new Uri("http://localhost/"), IsDevelopment: false)).Faults
                .Where(fault => fault.Severity == FaultSeverity.Error).ToArray();
            foreach (var fault in faults)
                warnings.Add(offset, $"The button was left out. {WithoutPlace(fault.Message)}", fault.Remedy);
            if (faults.Length == 0)
                accepted.Add(button);
        }

        return accepted;
    }

    // The line is that of a text which nobody sees.
    private static string WithoutPlace(string message) =>
        message.LastIndexOf(" (line ", StringComparison.Ordinal) is > 0 and var at ? message[..at] : message;

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
