using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Docuteam;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Dialects;

/// <summary>docuteam box: the table of <c>_is</c> and <c>_was</c>, its form's own words, and the predicates offered by name.</summary>
public sealed class DocuteamTests
{
    private const string Label = "scope";
    private static readonly string Predicate = DocuteamPredicates.Rico + "scopeAndContent";

    /// <summary>
    /// Each row of docuteam's table for each operation: with one value or all, and with the field there, emptied, or never there. The record's values after are
    /// "new", "more"; those before a change "old", "older".
    /// </summary>
    [Theory]
    // insert: the value after; was always empty.
    [InlineData("insert", false, "there", "\"new\"", "null")]
    [InlineData("insert", true, "there", "[\"new\",\"more\"]", "[]")]
    [InlineData("insert", false, "absent", "null", "null")]
    [InlineData("insert", true, "absent", "[]", "[]")]
    // replace: was identical to is.
    [InlineData("replace", false, "there", "\"new\"", "\"new\"")]
    [InlineData("replace", true, "there", "[\"new\",\"more\"]", "[\"new\",\"more\"]")]
    [InlineData("replace", false, "absent", "null", "null")]
    [InlineData("replace", true, "absent", "[]", "[]")]
    // change of metadata, at a page and by the API: before and after.
    [InlineData("change-metadata", false, "there", "\"new\"", "\"old\"")]
    [InlineData("change-metadata", true, "there", "[\"new\",\"more\"]", "[\"old\",\"older\"]")]
    [InlineData("change-metadata", false, "emptied", "null", "\"old\"")]
    [InlineData("change-metadata", true, "emptied", "[]", "[\"old\",\"older\"]")]
    [InlineData("change-metadata", false, "unchanged", "\"new\"", "\"new\"")]
    [InlineData("change-metadata", true, "unchanged", "[\"new\",\"more\"]", "[\"new\",\"more\"]")]
    [InlineData("change-metadata", false, "absent", "null", "null")]
    [InlineData("change-metadata", true, "absent", "[]", "[]")]
    [InlineData("change-metadata-api", false, "there", "\"new\"", "\"old\"")]
    [InlineData("change-metadata-api", true, "there", "[\"new\",\"more\"]", "[\"old\",\"older\"]")]
    [InlineData("change-metadata-api", false, "emptied", "null", "\"old\"")]
    [InlineData("change-metadata-api", true, "emptied", "[]", "[\"old\",\"older\"]")]
    [InlineData("change-metadata-api", false, "unchanged", "\"new\"", "\"new\"")]
    [InlineData("change-metadata-api", true, "unchanged", "[\"new\",\"more\"]", "[\"new\",\"more\"]")]
    [InlineData("change-metadata-api", false, "absent", "null", "null")]
    [InlineData("change-metadata-api", true, "absent", "[]", "[]")]
    // append inserts something: as at an insert.
    [InlineData("append", false, "there", "\"new\"", "null")]
    [InlineData("append", true, "there", "[\"new\",\"more\"]", "[]")]
    [InlineData("append", false, "absent", "null", "null")]
    [InlineData("append", true, "absent", "[]", "[]")]
    // delete: nothing is there any more; what was last.
    [InlineData("delete", false, "there", "null", "\"new\"")]
    [InlineData("delete", true, "there", "[]", "[\"new\",\"more\"]")]
    [InlineData("delete", false, "absent", "null", "null")]
    [InlineData("delete", true, "absent", "[]", "[]")]
    public void Values_stand_as_docuteams_table_says(string operation, bool all, string state, string expectedIs, string expectedWas)
    {
        foreach (var includesPrevious in new[] { true, false })
        {
            var body = Render(operation, $$"""{"fieldLabel":"{{Label}}","predicate":"{{Predicate}}","insertMultipleValues":{{Json(all)}},"includePreviousValues":{{Json(includesPrevious)}}}""", ChangeOf(operation, state));
            Assert.Equal(expectedIs, body[Label + "_is"]?.ToJsonString() ?? "null");
            Assert.Equal(includesPrevious, body.ContainsKey(Label + "_was"));
            if (includesPrevious)
                Assert.Equal(expectedWas, body[Label + "_was"]?.ToJsonString() ?? "null");
        }
    }

    [Fact]
    public void One_value_is_a_list_too_where_all_are_asked_for()
    {
        var change = ChangeOf("change-metadata", "there") with { Record = Record(["only"]) };
        Assert.Equal("[\"only\"]", Render("change-metadata", $$"""{"fieldLabel":"{{Label}}","predicate":"{{Predicate}}","insertMultipleValues":true}""", change)[Label + "_is"]!.ToJsonString());
    }

    [Theory]
    [InlineData("insert", "source,event_type,api_key_name,root_node_pid,sip_name")]
    [InlineData("replace", "source,event_type,api_key_name,pid,file_name")]
    [InlineData("change-metadata", "source,event_type,box_user_name,pid")]
    [InlineData("append", "source,event_type,box_api_key,append_position_pid,root_node_pid")]
    [InlineData("change-metadata-api", "source,event_type,api_key_name,pid")]
    [InlineData("delete", "source,event_type,api_key_name,pid")]
    public void The_keys_are_docuteams_and_no_id_and_no_time_stands_among_them(string operation, string keys) =>
        Assert.Equal(keys.Split(','), Render(operation, "", ChangeOf(operation, "there")).Select(member => member.Key));

    [Theory]
    [InlineData("title", "https://www.ica.org/standards/RiC/ontology#title")]
    [InlineData("rico:title", "https://www.ica.org/standards/RiC/ontology#title")]
    [InlineData("RICO:scopeandcontent", "https://www.ica.org/standards/RiC/ontology#scopeAndContent")]
    [InlineData("premis:originalName", "http://www.loc.gov/premis/rdf/v3/originalName")]
    [InlineData("originalName", "http://www.loc.gov/premis/rdf/v3/originalName")]
    [InlineData("https://example.org/terms#own", "https://example.org/terms#own")]
    [InlineData("urn:own:term", "urn:own:term")]
    [InlineData("accruals", null)] // came with RiC-O 1.1
    [InlineData("rico:accruals", null)]
    [InlineData("rico:tilte", null)]
    [InlineData("own", null)]
    public void Predicates_are_found_by_name_with_prefix_and_without(string text, string? iri) =>
        Assert.Equal(iri, DocuteamPredicates.Resolve(text, DocuteamPredicates.Predicates));

    [Fact]
    public void Offered_terms_are_unique_and_a_name_that_stands_for_two_is_refused()
    {
        foreach (var terms in new[] { DocuteamPredicates.Predicates, DocuteamPredicates.Categories })
        {
            Assert.Equal(terms.Count, terms.Select(term => term.Iri).Distinct().Count());
            Assert.All(terms, term => Assert.Equal(term.Iri, DocuteamPredicates.Resolve(term.PrefixedName, terms)));
        }
        OfferedTerm[] two = [new("size", "a:size", "http://a/size", ""), new("size", "b:size", "http://b/size", "")];
        Assert.Null(DocuteamPredicates.Resolve("size", two));
        Assert.Equal("http://b/size", DocuteamPredicates.Resolve("b:size", two));
    }

    [Fact]
    public void A_row_by_name_is_the_row_by_iri()
    {
        var change = ChangeOf("insert", "there");
        Assert.Equal(
            Render("insert", $$"""{"fieldLabel":"a","predicate":"{{Predicate}}"}""", change).ToJsonString(),
            Render("insert", """{"Field label":"a","Predicate":"scopeAndContent","Include previous values":false,"Insert multiple values":false}""", change).ToJsonString());
    }

    [Fact]
    public void A_webhook_is_read_in_the_words_of_docuteams_form()
    {
        const string Text = """
            { "hooks": [{
              "Label": "Feeder", "dialect": "docuteam", "Token": "feeder-token", "Target URL": "https://feeder.example.org/events", "Authentication option": "feeder",
              "Operation": "Change Metadata user interface",
              "Additional metadata": [{ "Field label": "title", "Predicate": "rico:title", "Include previous values": true, "Insert multiple values": true }]
            }] }
            """;
        var reading = SettingsText.Read(System.Text.Encoding.UTF8.GetBytes(Text), new ReadingContext([new DocuteamDialect()], new Uri("https://dam.example.org"), IsDevelopment: false));
        Assert.Empty(reading.Faults);
        var hook = Assert.Single(reading.Settings!.Hooks);
        Assert.Equal(("Feeder", "https://feeder.example.org/events"), (hook.Label, hook.Url));
        Assert.Equal([KeyValuePair.Create("X-Auth-Token", "feeder-token")], hook.Rules.Headers);
        Assert.True(hook.Rules.Wants(ChangeOf("change-metadata", "there")));
        var body = JsonNode.Parse(hook.Rules.Render(ChangeOf("change-metadata", "there"), new Deliver.TestHost()).Body.Span)!;
        Assert.Equal(("[]", "[]"), (body["title_is"]!.ToJsonString(), body["title_was"]!.ToJsonString()));
    }

    [Fact]
    public void A_key_under_two_names_is_a_fault()
    {
        const string Text = """{ "hooks": [{ "label": "Feeder", "dialect": "docuteam", "url": "https://a.example.org/", "Target URL": "https://b.example.org/", "operation": "insert" }] }""";
        var reading = SettingsText.Read(System.Text.Encoding.UTF8.GetBytes(Text), new ReadingContext([new DocuteamDialect()], new Uri("https://dam.example.org"), IsDevelopment: false));
        var fault = Assert.Single(reading.Faults);
        Assert.Equal("hooks[0].url", fault.Place);
        Assert.StartsWith("url stands here twice, as \"url\" and as \"Target URL\".", fault.Message, StringComparison.Ordinal);
    }

    private static JsonObject Render(string operation, string row, Change change)
    {
        var faults = new List<PluginFault>();
        var rules = PayloadTests.Read("docuteam", $$"""{"operation":"{{operation}}","additionalMetadata":[{{row}}]}""", faults);
        Assert.Empty(faults);
        Assert.True(rules!.Wants(change));
        return JsonNode.Parse(rules.Render(change, new Deliver.TestHost()).Body.Span)!.AsObject();
    }

    private static Change ChangeOf(string operation, string state)
    {
        var isThere = state is "there" or "unchanged";
        var change = Changes.Inserted(1) with { Record = Record(isThere ? ["new", "more"] : []), ChangedFields = [] };
        var file = new FileSnapshot { Pid = "dam:2", Name = "scan.jpg", MediaType = "image/jpeg", Length = 1, Sha256 = "00" };
        ChangedField[] changed = state is "there" or "emptied"
            ? [new ChangedField("scope", ["old", "older"], isThere ? ["new", "more"] : []) { Predicate = Predicate }]
            : [new ChangedField("title", ["x"], ["y"])];
        return operation switch
        {
            "insert" => change with { ChangedFields = isThere ? [new ChangedField("scope", [], ["new", "more"]) { Predicate = Predicate }] : [] },
            // A new file may bring metadata of its own.
            "replace" => change with { Kind = ChangeKind.FileReplaced, File = file, PreviousFile = file, ChangedFields = changed },
            "append" => change with { Kind = ChangeKind.RecordAppended, File = file },
            "delete" => change with { Kind = ChangeKind.RecordDeleted },
            _ => change with { Kind = ChangeKind.MetadataChanged, Via = operation == "change-metadata" ? ChangeOrigin.Page : ChangeOrigin.Api, ChangedFields = changed },
        };
    }

    private static RecordSnapshot Record(string[] values) =>
        Changes.Record(1) with { Fields = values.Length == 0 ? [] : [new FieldSnapshot { Name = "scope", Values = values, Predicate = Predicate }] };

    private static string Json(bool flag) => flag ? "true" : "false";
}
