using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.Tests.Templates;

/// <summary>What no value can do, whatever it is: leave the place where the template puts it.</summary>
public sealed class TemplatePropertyTests
{
    private const int CasesPerSeed = 200;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_leads_an_address_elsewhere(int seed)
    {
        string[] templates =
        [
            "https://h.example:8443/a/{/resource/a}/b", "https://h.example:8443/{/resource/a}", "https://u:p@h.example:8443/x{/resource/a}y/.{/resource/b}",
            "https://h.example:8443?q={/resource/a}&r={/resource/b}", "https://h.example:8443/a//{/resource/a}{/resource/b}/?x={/resource/a}", "https://h.example:8443/%2e{/resource/a}/z",
        ];
        ForEach(seed, (a, b, scope) =>
        {
            foreach (var text in templates)
            {
                var meant = new Uri(text.Replace("{/resource/a}", "A", StringComparison.Ordinal).Replace("{/resource/b}", "B", StringComparison.Ordinal));
                if (Try(() => Expand(UrlTemplate.Parse(text, [])!, scope)) is not { } expanded)
                    continue;
                var made = new Uri(expanded);
                Assert.Equal((meant.Scheme, meant.UserInfo, meant.Host, meant.Port), (made.Scheme, made.UserInfo, made.Host, made.Port));
                Assert.Equal(meant.Segments.Length, made.Segments.Length);
                Assert.Equal(meant.Query.Split('&', '=', '?').Length, made.Query.Split('&', '=', '?').Length);
                Assert.Equal("", made.Fragment);
                var values = Uri.UnescapeDataString(text).Replace("{/resource/a}", "\u0002", StringComparison.Ordinal).Replace("{/resource/b}", "\u0003", StringComparison.Ordinal);
                Assert.Equal(values.Replace("\u0002", HostileText.Sound(a), StringComparison.Ordinal).Replace("\u0003", HostileText.Sound(b), StringComparison.Ordinal), Uri.UnescapeDataString(expanded));
            }
        }, avoid: "\u0002\u0003");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_splits_a_header(int seed)
    {
        var template = HeaderTemplate.Parse("x {/resource/a};{/resource/b}", [])!;
        ForEach(seed, (a, b, scope) =>
        {
            var isRefused = (a + b).Any(c => c is < ' ' or '\u007F');
            var header = Try(() => Expand(template, scope));
            Assert.Equal(isRefused, header is null);
            if (header is null)
                return;
            Assert.All(header, c => Assert.InRange(c, ' ', '~'));
            Assert.Equal($"x {Sent(a)};{Sent(b)}", header);
        });

        static string Sent(string value) =>
            Ascii.IsValid(value) ? value : string.Concat(value.EnumerateRunes().Select(rune => rune.IsAscii && rune.Value != '%' ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_breaks_out_of_JSON(int seed)
    {
        var random = new Random(seed);
        ForEach(seed, (a, b, scope) =>
        {
            var tree = new RandomTemplate(random, HostileText.Sound(a), HostileText.Sound(b));
            var (template, text, expected) = tree.Next(depth: 0);
            using var document = JsonDocument.Parse(template!.ToJsonString());
            AssertSame(expected, ObjectTemplate.Parse(document.RootElement, [])!.Render(scope));
            AssertSame(expected, TextTemplate.Parse(text, TemplateForm.Json, [])!.Render(scope));
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_text_template_gives_JSON_or_nothing(int seed)
    {
        string[] templates = ["{ {/resource/a}: 1 }", "[1{/resource/a}]", "[\"\\u00{/resource/a}\"]", "{\"x\":{/resource/a}{/resource/b}}", "[-{/resource/n}]", "\"{/resource/a}\\\\{/resource/b}\""];
        var read = templates.Select(text => TextTemplate.Parse(text, TemplateForm.Json, [])).OfType<BodyTemplate>().ToList();
        Assert.NotEmpty(read);
        ForEach(seed, (_, _, scope) =>
        {
            foreach (var template in read)
            {
                if (Try(() => Encoding.UTF8.GetString(template.Render(scope).Span)) is { } body)
                    JsonDocument.Parse(body).Dispose();
            }
        });
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_breaks_out_of_XML(int seed)
    {
        var template = TextTemplate.Parse(
            "<a x=\"1{/resource/a}\" y='{/resource/b}'>t{/resource/a}<c><![CDATA[]{/resource/a}{/resource/b}>]]></c></a>", TemplateForm.Xml, [])!;
        ForEach(seed, (a, b, scope) =>
        {
            var root = XDocument.Parse(Encoding.UTF8.GetString(template.Render(scope).Span), LoadOptions.PreserveWhitespace).Root!;
            var (soundA, soundB) = (ForXml(a), ForXml(b));
            Assert.Equal(["x", "y"], root.Attributes().Select(attribute => attribute.Name.LocalName));
            Assert.Equal("1" + soundA, (string?)root.Attribute("x"));
            Assert.Equal(soundB, (string?)root.Attribute("y"));
            Assert.Equal("c", Assert.Single(root.Elements()).Name.LocalName);
            Assert.Empty(root.Element("c")!.Elements());
            Assert.Equal("t" + soundA, string.Concat(root.Nodes().OfType<XText>().Select(text => text.Value)));
            // Readers of XML turn line breaks of a CDATA section into LF.
            Assert.Equal(LineFeeds($"]{soundA}{soundB}>"), LineFeeds(root.Element("c")!.Value));
        });

        static string ForXml(string value) => string.Concat(HostileText.Sound(value).Select(c => c is < ' ' and not ('\t' or '\n' or '\r') or '\uFFFE' or '\uFFFF' ? '\uFFFD' : c));
        static string LineFeeds(string value) => value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_value_adds_to_a_form(int seed)
    {
        var template = TextTemplate.Parse("a={/resource/a}&b={/resource/b}", TemplateForm.UrlEncoded, [])!;
        ForEach(seed, (a, b, scope) =>
        {
            var pairs = Encoding.UTF8.GetString(template.Render(scope).Span).Split('&').Select(pair => pair.Split('=')).ToList();
            Assert.Equal(["a", HostileText.Sound(a)], pairs[0].Select(Uri.UnescapeDataString));
            Assert.Equal(["b", HostileText.Sound(b)], pairs[1].Select(Uri.UnescapeDataString));
            Assert.Equal(2, pairs.Count);
        });
    }

    [Fact]
    public void A_body_never_grows_beyond_the_cap()
    {
        using var scope = TestScope.Of("{\"resource\":{\"a\":\"" + new string('x', 100_000) + "\"}}");
        var template = TextTemplate.Parse("[" + string.Join(',', Enumerable.Repeat("{/resource/a}", 12)) + "]", TemplateForm.Json, [])!;
        Assert.Contains("1048576", Assert.Throws<RenderException>(() => template.Render(scope)).Message, StringComparison.Ordinal);
        Assert.Equal(1_200_037, template.Render(scope, 1_200_037).Length);
        Assert.Throws<RenderException>(() => template.Render(scope, 1_200_036));
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(201, 1)]
    public void Expressions_are_counted(int count, int faults)
    {
        var text = string.Concat(Enumerable.Repeat("{/resource/a}", count));
        Assert.Equal(faults, Faults(found => TextTemplate.Parse($"\"{text}\"", TemplateForm.Json, found)));
        Assert.Equal(faults, Faults(found => UrlTemplate.Parse($"https://h/{text}", found)));
        Assert.Equal(faults, Faults(found => HeaderTemplate.Parse(text, found)));
        Assert.Equal(faults, Faults(found => ObjectTemplate.Parse(JsonSerializer.SerializeToElement(new[] { text }), found)));
    }

    [Theory]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    public void Depth_is_limited(int depth, int faults)
    {
        using var document = JsonDocument.Parse(new string('[', depth + 1) + new string(']', depth + 1));
        Assert.Equal(faults, Faults(found => ObjectTemplate.Parse(document.RootElement, found)));
    }

    private static int Faults(Action<List<TemplateFault>> read)
    {
        var faults = new List<TemplateFault>();
        read(faults);
        return faults.Count;
    }

    private static void ForEach(int seed, Action<string, string, TemplateScope> check, string avoid = "")
    {
        var texts = new HostileText(new Random(seed));
        for (var i = 0; i < CasesPerSeed; i++)
        {
            var (a, b) = (texts.Next(), texts.Next());
            if ((a + b).IndexOfAny(avoid.ToCharArray()) >= 0)
                continue;
            using var scope = TemplateScope.Write(json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("resource");
                json.WriteString("a", a);
                json.WriteString("b", b);
                json.WriteNumber("n", i);
                json.WriteEndObject();
                json.WriteEndObject();
            });
            check(a, b, scope);
        }
    }

    private static string Expand(UrlTemplate template, TemplateScope scope)
    {
        Dictionary<string, string>? values = null;
        template.Freeze(scope, ref values);
        return template.Expand(values!);
    }

    private static string Expand(HeaderTemplate template, TemplateScope scope)
    {
        Dictionary<string, string>? values = null;
        template.Freeze(scope, ref values);
        return template.Expand(values!);
    }

    // A change that cannot be rendered is refused, and nothing is sent: that is no way out.
    private static string? Try(Func<string> render)
    {
        try
        {
            return render();
        }
        catch (RenderException)
        {
            return null;
        }
    }

    private static void AssertSame(JsonNode? expected, ReadOnlyMemory<byte> body) =>
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body.Span)), $"{expected?.ToJsonString()}\nis not\n{Encoding.UTF8.GetString(body.Span)}");

    /// <summary>An object template made at random, the same as a text template, and what both must give.</summary>
    private sealed class RandomTemplate(Random random, string a, string b)
    {
        public (JsonNode? Object, string Text, JsonNode? Expected) Next(int depth) => (depth > 3 ? 1 + random.Next(3) : random.Next(6)) switch
        {
            1 => ("{/resource/a}", "{ /resource/a\t}", a),
            2 => ("<{/resource/b}{/resource/a}\\", "\"<{/resource/b}{/resource/a}\\\\\"", $"<{b}{a}\\"),
            3 => (1.5, "1.5", 1.5),
            4 => Items(depth),
            _ => Members(depth),
        };

        private (JsonNode? Object, string Text, JsonNode? Expected) Items(int depth)
        {
            var items = Enumerable.Range(0, random.Next(4)).Select(_ => Next(depth + 1)).ToList();
            return (new JsonArray([.. items.Select(i => i.Object)]), $"[{string.Join(", ", items.Select(i => i.Text))}]", new JsonArray([.. items.Select(i => i.Expected)]));
        }

        private (JsonNode? Object, string Text, JsonNode? Expected) Members(int depth)
        {
            var members = Enumerable.Range(0, random.Next(4)).Select(i => (Name: i.ToString(CultureInfo.InvariantCulture), Value: Next(depth + 1))).ToList();
            return (
                new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, m.Value.Object))), "{" + string.Join(",", members.Select(m => $"\"{m.Name}\":{m.Value.Text}")) + " }",
                new JsonObject(members.Select(m => KeyValuePair.Create(m.Name, m.Value.Expected))));
        }
    }
}
