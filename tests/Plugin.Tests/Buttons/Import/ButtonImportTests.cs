using System.Text;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons.Import;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests.Buttons.Import;

/// <summary>
/// Every NAME.php below Texts holds a PHP text; NAME.json beside it holds what it becomes: buttons and warnings, or faults. A warning or fault is its line, its
/// column and a part of what is said. A new pair is a new test.
/// </summary>
public sealed class ButtonImportTests
{
    private static string Folder => Repository.File("tests", "Plugin.Tests", "Buttons", "Import", "Texts");

    public static TheoryData<string> Files() =>
        [.. Directory.EnumerateFiles(Folder, "*.php").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_text_becomes_these_buttons_with_these_warnings_or_is_refused_for_these_faults(string file)
    {
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, Path.ChangeExtension(file, ".json"))))!;
        var result = ButtonImport.Read(File.ReadAllText(Path.Combine(Folder, file)));

        if (expected["faults"] is JsonArray faults)
            AssertNotes(faults, Assert.IsType<ImportResult.Refused>(result).Faults);
        else
        {
            var imported = result as ImportResult.Imported;
            Assert.True(imported is not null, (result as ImportResult.Refused)?.Faults[0].ToString());
            var buttons = new JsonArray([.. imported.Buttons.Select(button => new JsonObject { ["location"] = button.Location, ["buttontext"] = button.Buttontext, ["url"] = button.Url })]);
            Assert.Equal(expected["buttons"]!.ToJsonString(), buttons.ToJsonString());
            AssertNotes((JsonArray)expected["warnings"]!, imported.Warnings);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_comes_out_is_a_config_that_is_accepted(string file)
    {
        if (ButtonImport.Read(File.ReadAllText(Path.Combine(Folder, file))) is not ImportResult.Imported imported)
            return;
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new ImportedButtons(imported.Buttons), ImportJson.Readable.ImportedButtons);
        var reading = SettingsText.Read(json, new ReadingContext([], new Uri("http://localhost/"), IsDevelopment: false));

        Assert.DoesNotContain(reading.Faults, fault => fault.Severity == FaultSeverity.Error);
        Assert.Equal(imported.Buttons.Select(button => (button.Buttontext, button.Url)), reading.Settings!.Buttons.Select(button => (button.Text, button.Url.Replace("http://localhost/", "{baseUri}/", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_are_counted_whatever_ends_them(string end)
    {
        var refused = Assert.IsType<ImportResult.Refused>(ButtonImport.Read($"<?php // one{end}$api_webhooks_urls = [{end}{end}  ['url' => $x],{end}];{end}"));
        var fault = Assert.Single(refused.Faults);
        Assert.Equal((4, 13), (fault.Line, fault.Column));
    }

    [Fact]
    public void Warnings_never_show_an_address_that_may_hold_a_password()
    {
        var text = """$api_webhooks_urls = [["url" => "https://u:planted-pw@10.0.0.1/a b?key=planted-key#planted-fragment"], ["url" => "http://u:planted-pw@h/?k=planted-key"]];""";
        var imported = Assert.IsType<ImportResult.Imported>(ButtonImport.Read(text));

        Assert.NotEmpty(imported.Warnings);
        Assert.DoesNotContain(imported.Warnings, note => note.ToString().Contains("planted", StringComparison.Ordinal));
    }

    [Fact]
    public void Deep_nesting_is_refused_without_a_deep_stack()
    {
        foreach (var open in new[] { "[", "array(", "(", "[[" })
        {
            var refused = Assert.IsType<ImportResult.Refused>(ButtonImport.Read("$api_webhooks_urls = " + string.Concat(Enumerable.Repeat(open, 20_000))));
            Assert.Contains("nested more than 20 deep", Assert.Single(refused.Faults).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Too_long_a_text_too_many_entries_and_endless_faults_are_cut_short()
    {
        Assert.Contains("characters long", Single(new string(' ', ButtonImport.LongestText + 1)), StringComparison.Ordinal);
        Assert.Contains("201 entries", Single("$api_webhooks_urls = [" + string.Concat(Enumerable.Repeat("['url'=>'https://a.example.org/'],", 201)) + "];"), StringComparison.Ordinal);
        var refused = Assert.IsType<ImportResult.Refused>(ButtonImport.Read("$api_webhooks_urls = [" + string.Concat(Enumerable.Repeat("$a,", 50_000)) + "];"));
        Assert.Equal(100, refused.Faults.Count);

        static string Single(string text) => Assert.Single(Assert.IsType<ImportResult.Refused>(ButtonImport.Read(text)).Faults).Message;
    }

    /// <summary>Random cuts and mutations of the good texts: whatever comes in, an answer comes out, in a time that grows with the text alone.</summary>
    [Fact]
    public void No_text_breaks_it()
    {
        var random = new Random(20260301);
        var seeds = Directory.EnumerateFiles(Folder, "*.php").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
        var pieces = new[] { "\"", "'", "[", "]", "(", ")", "=>", "<<<A\n", "?>", "<?php", "/*", "*/", "\\", "\\u{", "$", "{$", "`", "#", "\0", "\ud800", "array(", ".", ",", ";", "$api_webhooks_urls", "=", "\r", "\u2028" };
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
            for (var change = random.Next(1, 5); change > 0 && text.Length > 1; change--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
                else
                    text.Insert(at, pieces[random.Next(pieces.Length)]);
            }

            var notes = ButtonImport.Read(text.ToString()) switch
            {
                ImportResult.Imported imported => imported.Warnings,
                ImportResult.Refused refused => refused.Faults,
                _ => throw new InvalidOperationException(),
            };
            Assert.All(notes, note => Assert.True(note is { Line: > 0, Column: > 0, Message.Length: > 0, Remedy.Length: > 0 }, note.ToString()));
        }
    }

    private static void AssertNotes(JsonArray expected, IReadOnlyList<ImportNote> notes)
    {
        var told = string.Join('\n', notes);
        Assert.True(expected.Count == notes.Count, told);
        foreach (var (one, note) in expected.Zip(notes))
        {
            Assert.True(one![0]!.GetValue<int>() == note.Line && one[1]!.GetValue<int>() == note.Column, $"Expected {one.ToJsonString()}, got:\n{told}");
            Assert.Contains(one[2]!.GetValue<string>(), $"{note.Message} {note.Remedy}", StringComparison.Ordinal);
        }
    }
}
