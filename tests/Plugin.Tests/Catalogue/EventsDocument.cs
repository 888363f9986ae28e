using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Catalogue;

namespace Plugin.Tests.Catalogue;

/// <summary>Writes docs/EVENTS.md.</summary>
internal static class EventsDocument
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private const string Preface = """
        # Events

        All events of all dialects, each with an example. The examples are made by the code that sends, of one change of each kind; bodies are indented here and
        sent without spaces. `GET /api/webhooks/event-types/DIALECT/NAME` gives the exact bytes and a JSON Schema of the body, and the page
        `/plugins/ApiWebhooks/events` shows both.

        Every request also has the headers of [Standard Webhooks](https://www.standardwebhooks.com/): `webhook-id`, the same on each attempt;
        `webhook-timestamp`, the attempt's time in Unix seconds; `webhook-signature`. `User-Agent` is `ApiWebhooks`. Further headers of a dialect stand at its examples.

        This page is generated. After a change of events: `WRITE_DOCS=1 dotnet test tests/Plugin.Tests --filter EventsDocumentTests`


        """;

    public static string Write(EventCatalogue catalogue)
    {
        var text = new StringBuilder(Preface.ReplaceLineEndings("\n"));
        foreach (var dialect in catalogue.All.GroupBy(entry => entry.Dialect))
        {
            text.Append(CultureInfo.InvariantCulture, $"## {dialect.Key}\n\n| event | sent when |\n|---|---|\n");
            foreach (var entry in dialect)
                text.Append(CultureInfo.InvariantCulture, $"| [`{NameOf(entry)}`](#{Anchor(entry)}) | {entry.Event.Description} |\n");
            text.Append('\n');
            foreach (var entry in dialect)
                Write(text, entry);
        }
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Write(StringBuilder text, CatalogueEntry entry)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {entry.Dialect}: {NameOf(entry)}\n\n{entry.Event.Description} Keys of the hook: `{JsonNode.Parse(entry.Event.Hook)!.ToJsonString(Compact)}`\n\n```http\n{entry.Example.Method}\n");
        foreach (var (name, value) in entry.Example.Headers.Where(header => header.Key != "User-Agent" && !header.Key.StartsWith("webhook-", StringComparison.Ordinal)))
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
        text.Append(CultureInfo.InvariantCulture, $"\n{JsonNode.Parse(entry.Example.Body)!.ToJsonString(Indented)}\n```\n\n");
    }

    private static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string NameOf(CatalogueEntry entry) => entry.Event.Form is { } form ? $"{entry.Event.Name} ({form})" : entry.Event.Name;

    // As GitHub makes it of a heading.
    private static string Anchor(CatalogueEntry entry) =>
        string.Concat($"{entry.Dialect}: {NameOf(entry)}".ToLowerInvariant().Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');
}

public sealed class EventsDocumentTests
{
    [Fact]
    public void The_page_of_the_events_is_what_the_catalogue_says()
    {
        var file = Repository.File("docs", "EVENTS.md");
        var text = EventsDocument.Write(TestCatalogue.Instance);
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
            File.WriteAllText(file, text);
        Assert.True(
            File.Exists(file) && File.ReadAllText(file).ReplaceLineEndings("\n") == text,
            "docs/EVENTS.md differs from the catalogue. Write it anew: WRITE_DOCS=1 dotnet test tests/Plugin.Tests --filter EventsDocumentTests");
    }
}
