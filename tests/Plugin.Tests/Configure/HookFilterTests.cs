using System.Text;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Docuteam;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Configure;

public sealed class HookFilterTests
{
    private static readonly Change Changed = Changes.Inserted(1) with
    {
        Kind = ChangeKind.MetadataChanged,
        ChangedFields = [new("rights", ["restricted"], ["open"]), new("keywords", ["a", "b"], ["b", "c"]), new("note", ["old"], []), new("source", [], ["box 4"])],
    };

    [Theory]
    [InlineData("rights", "", "", true)]
    [InlineData("RIGHTS", "", "", true)]
    [InlineData("title", "", "", false)]
    [InlineData("rights", "restricted", "", true)]
    [InlineData("rights", "Restricted", "", false)]
    [InlineData("rights", "open", "", false)]
    [InlineData("rights", "", "open", true)]
    [InlineData("rights", "", "closed,open", true)]
    [InlineData("rights", "", "restricted", false)]
    [InlineData("rights", "restricted", "open", true)]
    [InlineData("rights", "closed", "open", false)]
    [InlineData("rights", "restricted", "closed", false)]
    [InlineData("keywords", "", "c", true)] // came
    [InlineData("keywords", "", "b", false)] // was there already
    [InlineData("keywords", "a", "", true)] // went
    [InlineData("keywords", "b", "", false)] // stayed
    [InlineData("keywords", "", "(none)", false)]
    [InlineData("note", "", "(none)", true)] // cleared
    [InlineData("note", "(none)", "", false)]
    [InlineData("note", "old", "(none)", true)]
    [InlineData("source", "(none)", "", true)] // first value
    [InlineData("source", "(none)", "box 4", true)]
    [InlineData("source", "", "(none)", false)]
    public void A_field_must_have_changed_from_and_to_these_values(string name, string from, string to, bool passes)
    {
        var filter = new HookFilter { Fields = [new FieldFilter(name, Values(from), Values(to))] };
        Assert.Equal(passes, filter.Passes(Changed));
    }

    [Fact]
    public void One_of_several_fields_is_enough_and_at_an_insert_all_fields_came()
    {
        var filter = new HookFilter { Fields = [new FieldFilter("missing", [], []), new FieldFilter("title", [""], ["Record 1"])] };
        Assert.True(filter.Passes(Changes.Inserted(1)));
        Assert.False(filter.Passes(Changes.Inserted(2)));
        Assert.False(filter.Passes(Changed));
        // Publishing, deleting, replacing a file change no field.
        Assert.False(filter.Passes(Changes.Inserted(1) with { Kind = ChangeKind.RecordDeleted, ChangedFields = [] }));
    }

    [Fact]
    public void Types_and_collections_are_those_of_the_record()
    {
        var change = Changes.Inserted(1) with { Record = Changes.Record(1) with { Type = "map", Collection = "Harbour" } };
        var ofNone = change with { Kind = ChangeKind.UserCreated, Record = null };
        AssertPasses(new HookFilter { Types = ["image", "Map"] }, change, true);
        AssertPasses(new HookFilter { Types = ["image"] }, change, false);
        AssertPasses(new HookFilter { Types = ["map"] }, ofNone, false);
        AssertPasses(new HookFilter { Collections = ["harbour"] }, change, true);
        AssertPasses(new HookFilter { Collections = ["town"] }, change, false);
        AssertPasses(new HookFilter { Collections = ["harbour"] }, ofNone, false);
        AssertPasses(new HookFilter { Types = ["map"], Collections = ["town"] }, change, false);
        AssertPasses(new HookFilter { Types = ["map"], Collections = ["harbour"], Fields = [new FieldFilter("title", [], [])] }, change, true);
        AssertPasses(new HookFilter { Collections = ["incoming"] }, change with { Kind = ChangeKind.RecordMoved, PreviousCollection = new CollectionRef(2, "Incoming") }, true);
        AssertPasses(new HookFilter { Collections = ["harbour"] }, ofNone with { Registration = new RegistrationSnapshot { Id = 1, Collection = new CollectionRef(5, "Harbour") } }, true);

        static void AssertPasses(HookFilter filter, Change change, bool passes) => Assert.Equal(passes, filter.Passes(change));
    }

    private static string[] Values(string text) => text.Length == 0 ? [] : [.. text.Split(',').Select(value => value == "(none)" ? "" : value)];
}

/// <summary>How <c>filter</c> and <c>payload</c> are read.</summary>
public sealed class HookFilterReadingTests
{
    private static readonly ReadingContext Context = new([new StandardDialect(), new DocuteamDialect()], new Uri("https://dam.example.org"), IsDevelopment: false);

    [Fact]
    public void Filters_are_read_with_empty_texts_for_no_value()
    {
        var hook = Assert.Single(Read("""
            "filter": { "types": ["map"], "collections": ["Harbour"], "fields": [{ "name": "rights", "from": ["", "closed"], "to": [""] }] }, "payload": "thin"
            """).Settings!.Hooks);
        Assert.True(hook.IsThin);
        Assert.Equal(["map"], hook.Filter!.Types);
        Assert.Equal(["Harbour"], hook.Filter.Collections);
        var field = Assert.Single(hook.Filter.Fields);
        Assert.Equal("rights", field.Name);
        Assert.Equal(["", "closed"], field.From);
        Assert.Equal([""], field.To);
    }

    [Theory]
    [InlineData("\"filter\": {}")]
    [InlineData("\"filter\": { \"types\": [], \"fields\": [] }")]
    public void A_filter_with_nothing_in_it_is_none(string keys) => Assert.Null(Assert.Single(Read(keys).Settings!.Hooks).Filter);

    [Theory]
    [InlineData("\"filter\": \"map\"", "hooks[0].filter")]
    [InlineData("\"filter\": { \"type\": [\"map\"] }", "hooks[0].filter.type")]
    [InlineData("\"filter\": { \"types\": \"map\" }", "hooks[0].filter.types")]
    [InlineData("\"filter\": { \"types\": [\"\"] }", "hooks[0].filter.types[0]")]
    [InlineData("\"filter\": { \"fields\": [\"rights\"] }", "hooks[0].filter.fields[0]")]
    [InlineData("\"filter\": { \"fields\": [{ \"to\": [\"x\"] }] }", "hooks[0].filter.fields[0].name")]
    [InlineData("\"filter\": { \"fields\": [{ \"name\": \"rights\", \"to\": \"x\" }] }", "hooks[0].filter.fields[0].to")]
    [InlineData("\"filter\": { \"fields\": [{ \"name\": \"rights\", \"form\": [\"x\"] }] }", "hooks[0].filter.fields[0].form")]
    [InlineData("\"payload\": \"small\"", "hooks[0].payload")]
    [InlineData("\"dialect\": \"docuteam\", \"operation\": \"insert\", \"payload\": \"thin\"", "hooks[0].payload")]
    public void Faults_name_their_place_and_a_remedy(string keys, string place)
    {
        var fault = Assert.Single(Read(keys).Faults);
        Assert.Equal(place, fault.Place);
        Assert.NotEmpty(fault.Remedy);
    }

    private static SettingsReading Read(string keys) =>
        SettingsText.Read(Encoding.UTF8.GetBytes($$"""{ "hooks": [{ "label": "A", "url": "https://example.org/", {{keys}} }] }"""), Context);
}
