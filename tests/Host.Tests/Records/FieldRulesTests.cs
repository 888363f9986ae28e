using SampleHost.Records;

namespace Host.Tests.Records;

public sealed class FieldRulesTests
{
    private static readonly ContentType Document = new ContentTypes().Find("document")!;

    [Fact]
    public void Values_are_trimmed_blank_ones_dropped_and_line_ends_made_one()
    {
        var check = FieldRules.Check(Document, None(), Fields(("title", ["  T  "]), ("keywords", ["", " a ", "  "]), ("description", ["x\r\ny\n"])));
        Assert.Empty(check.Errors);
        Assert.Equal(["T"], check.Values["title"]);
        Assert.Equal(["a"], check.Values["keywords"]);
        Assert.Equal(["x\ny"], check.Values["description"]);
    }

    [Fact]
    public void A_stored_value_that_would_be_refused_today_does_not_block_other_fields()
    {
        var stored = Fields(("title", ["T"]), ("date", ["long ago"]), ("gone", ["kept"]));
        var check = FieldRules.Check(Document, stored, Fields(("keywords", ["a"])));
        Assert.Empty(check.Errors);
        Assert.Equal("long ago", check.Values["date"][0]);
        Assert.Equal("kept", check.Values["gone"][0]);
    }

    [Fact]
    public void A_difference_counts_order_and_case_and_comes_in_the_order_of_the_type()
    {
        var before = Fields(("title", ["T"]), ("keywords", ["a", "b"]), ("location", ["x"]), ("rights", ["R"]));
        var after = Fields(("title", ["t"]), ("keywords", ["b", "a"]), ("rights", ["R"]), ("description", ["new"]));
        var diff = FieldRules.Diff(Document, before, after);
        Assert.Equal(["title", "description", "keywords", "location"], diff.Select(field => field.Name));
        Assert.Empty(diff[1].Before);
        Assert.Equal("http://purl.org/dc/terms/subject", diff[2].Predicate);
        Assert.Empty(diff[3].After);
    }

    [Theory]
    [InlineData("pair \uD83D\uDE00", true)]
    [InlineData("tab\tinside", true)]
    [InlineData("bell\a", false)]
    [InlineData("two\nlines", false)]
    public void Text_that_cannot_be_stored_is_refused(string title, bool isFine) =>
        Assert.Equal(isFine, FieldRules.Check(Document, None(), Fields(("title", [title]))).Errors.Count == 0);

    [Fact]
    public void Half_a_character_is_refused()
    {
        Assert.Single(FieldRules.Check(Document, None(), Fields(("title", ["half \uD83D"]))).Errors);
        Assert.Single(FieldRules.Check(Document, None(), Fields(("title", ["\uDE00 half"]))).Errors);
    }

    [Fact]
    public void Every_type_begins_with_a_title_and_names_its_fields_once()
    {
        foreach (var type in new ContentTypes().All)
        {
            Assert.Equal("title", type.Fields[0].Name);
            Assert.True(type.Fields[0].Required);
            Assert.Equal(type.Fields.Count, type.Fields.Select(field => field.Name).Distinct().Count());
            Assert.Equal(type.Fields.Count, type.Fields.Select(field => (field.Predicate, field.Category)).Distinct().Count());
            Assert.All(type.Fields, field => Assert.Equal(["en", "fr", "de"], field.Label.Texts.Count == 1 ? ["en", "fr", "de"] : field.Label.Texts.Keys));
            Assert.All(type.Fields, field => Assert.True(Uri.IsWellFormedUriString(field.Predicate, UriKind.Absolute)));
        }

        Assert.All((string[])["document", "image", "object"], type =>
            Assert.Equal("Collection number", new ContentTypes().Find(type)!.FindField("cmsid")!.Label.In("en")));
    }

    [Theory]
    [InlineData("fr-CA", "Titre")]
    [InlineData("de", "Titel")]
    [InlineData("it", "Title")]
    [InlineData("EN", "Title")]
    public void A_label_is_in_the_readers_language_or_else_in_english(string language, string expected) =>
        Assert.Equal(expected, Document.Fields[0].Label.In(language));

    private static Dictionary<string, IReadOnlyList<string>> None() => [];

    private static Dictionary<string, IReadOnlyList<string>> Fields(params (string Name, string[] Values)[] fields) =>
        fields.ToDictionary(field => field.Name, field => (IReadOnlyList<string>)field.Values);
}
