using System.Text;
using System.Text.Json;
using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Contensis;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Dialects.Contensis;

/// <summary>What goes out for hostile values, missing values, and the forms a body can have.</summary>
public sealed class RenderingTests
{
    private static readonly TestHost Host = new();

    private static Change Entry(string title, string type = "news") => Changes.Inserted(13) with { Record = Changes.Record(13) with { Type = type, Title = title } };

    private static DialectRules Rules(string keys)
    {
        var faults = new List<PluginFault>();
        var rules = PayloadTests.Read("contensis", $$"""{"key":"site","topics":[{"resourceType":"entry"}],{{keys}}}""", faults);
        Assert.Empty(faults);
        return rules!;
    }

    private static string Text(Rendering rendering) => Encoding.UTF8.GetString(rendering.Body.Span);

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void A_value_that_would_split_a_header_is_not_sent(string title)
    {
        var rules = Rules("""
            "url":"https://a.example.org/","headers":{"X-Title":{"value":"{/resource/entryTitle}"}}
            """);
        var exception = Assert.Throws<RenderException>(() => rules.Render(Entry(title), Host));
        Assert.DoesNotContain(title, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public void A_value_that_would_change_the_path_is_not_sent(string title) =>
        Assert.Throws<RenderException>(() => Rules("\"url\":\"https://a.example.org/x/{/resource/entryTitle}/y\"").Render(Entry(title), Host));

    [Theory]
    [InlineData("a/b?c#d", "a%2Fb%3Fc%23d")]
    [InlineData("@evil.example", "%40evil.example")]
    [InlineData("%2e%2e", "%252e%252e")]
    public void A_value_stays_in_its_segment(string title, string segment)
    {
        var rules = Rules("\"url\":\"https://a.example.org/x/{/resource/entryTitle}/y\"");
        var rendering = rules.Render(Entry(title), Host);
        Assert.Equal($"https://a.example.org/x/{segment}/y", rules.AddressOf("https://a.example.org/x/{/resource/entryTitle}/y", rendering.Values!));
        // A corrected address helps what waits, as far as its values are there.
        Assert.Equal($"https://b.example.org/{segment}", rules.AddressOf("https://b.example.org/{/resource/entryTitle}", rendering.Values!));
        Assert.Null(rules.AddressOf("https://b.example.org/{/resource/sys/id}", rendering.Values!));
    }

    [Fact]
    public void A_missing_value_of_the_address_is_told_by_its_name()
    {
        var exception = Assert.Throws<RenderException>(() => Rules("\"url\":\"https://a.example.org/{/resource/department}\"").Render(Entry("A"), Host));
        Assert.Contains("{/resource/department}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\",\"admin\":\"true")]
    [InlineData("{/event/id}")]
    [InlineData("\\")]
    [InlineData("a\nb\u2028c")]
    public void A_value_stays_in_its_text(string title)
    {
        foreach (var template in new[] { """{"a":"{/resource/entryTitle}!"}""", """ "{ \"a\": \"{/resource/entryTitle}!\" }" """ })
        {
            var body = JsonDocument.Parse(Text(Rules($$"""
                "url":"https://a.example.org/","templates":{"entry":{{template}}}
                """).Render(Entry(title), Host))).RootElement;
            Assert.Equal(title + "!", Assert.Single(body.EnumerateObject()).Value.GetString());
        }
    }

    [Theory]
    [InlineData("""{"entry":"<a>{/resource/entryTitle}</a>"}""", "application/xml", "application/xml", "<a>&lt;b&gt;</a>")]
    [InlineData("""{"entry":"<a>{/resource/entryTitle}</a>"}""", "text/plain", "text/plain", "<a><b></a>")]
    [InlineData("""{"entry":"{/resource/entryTitle}"}""", null, "application/json; charset=utf-8", "\"<b>\"")]
    [InlineData("""{"entry":""}""", null, "application/json; charset=utf-8", "")]
    [InlineData("""{"entry":"","entry.blog":"{/event/name}"}""", null, "application/json; charset=utf-8", "")]
    [InlineData("""{"ENTRY.News":{"a":1}, "entry":{"b":2}}""", "application/vnd.a+json", "application/vnd.a+json", """{"a":1}""")]
    public void Bodies_have_the_form_that_was_asked_for(string templates, string? contentType, string sentAs, string body)
    {
        var headers = contentType is null ? "" : $$$""","headers":{"Content-Type":"{{{contentType}}}"}""";
        var rendering = Rules($$"""
            "url":"https://a.example.org/","templates":{{templates}}{{headers}}
            """).Render(Entry("<b>"), Host);
        Assert.Equal((sentAs, body), (rendering.ContentType, Text(rendering)));
        Assert.Null(rendering.Values);
    }

    [Theory]
    [InlineData("application/vnd.a+json", "application/vnd.a+json")]
    [InlineData("application/xml", "application/json; charset=utf-8")]
    public void The_default_body_is_never_called_anything_but_json(string contentType, string sentAs)
    {
        var rendering = Rules($$"""
            "url":"https://a.example.org/","templates":{"entry.blog":"1"},"headers":{"content-type":{"value":"{{contentType}}"} }
            """).Render(Entry("A"), Host);
        Assert.Equal(sentAs, rendering.ContentType);
        Assert.Equal("created", JsonDocument.Parse(rendering.Body).RootElement.GetProperty("eventName").GetString());
    }

    [Fact]
    public void The_template_of_a_type_with_a_full_stop_is_its_own()
    {
        var faults = new List<PluginFault>();
        Assert.NotNull(PayloadTests.Read(
            "contensis", """{"key":"k","url":"https://a.example.org/","topics":[{"resourceType":"comment.entry"}],"templates":{"comment.entry":"{/event/name}","comment.entry.x":"{/event/id}"}}""", faults));
        Assert.Empty(faults);
    }

    [Fact]
    public void Get_is_for_subscriptions_whose_bodies_are_all_empty()
    {
        Assert.Equal("GET", Rules("""
            "method":"get","url":"https://a.example.org/{/resource/sys/id}","templates":{"entry":""}
            """).Method);
        foreach (var templates in new[] { "{}", """{"entry":"","entry.news":"{/event/id}"}""", """{"entry.news":""}""" })
        {
            var faults = new List<PluginFault>();
            Assert.Null(PayloadTests.Read("contensis", $$"""{"method":"GET","url":"https://a.example.org/","topics":[{"resourceType":"entry"}],"templates":{{templates}}}""", faults));
            Assert.Equal("hook.method", Assert.Single(faults).Place);
        }
    }

    [Fact]
    public void Messages_of_two_subscriptions_are_not_shared() =>
        Assert.NotEqual(
            Rules("\"url\":\"https://a.example.org/\"").RenderingKey,
            PayloadTests.Read("contensis", """{"key":"other","topics":[{"resourceType":"entry"}],"url":"https://a.example.org/"}""", [])!.RenderingKey);
}
