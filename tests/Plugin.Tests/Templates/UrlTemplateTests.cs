using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.Tests.Templates;

/// <summary>Which addresses with expressions may be saved, and what is kept of a change to make one again later.</summary>
public sealed class UrlTemplateTests
{
    [Theory]
    [InlineData("https://external.mywebsite.com/handlewebhooks/{/resource/sys.id}")]
    [InlineData("http://127.0.0.1:5080/a?b={/resource/a}&c={ /user/username }")]
    [InlineData("https://[::1]:8443/{/resource/a}")]
    [InlineData("https://h?q={/resource/a}")]
    [InlineData("https://h/plain?id=1")]
    [InlineData("https://h/{id}/{/resource/a}")]
    public void Address_with_expressions_may_be_saved(string url) => Assert.Null(UrlTemplate.Check(url));

    [Theory]
    [InlineData("{/resource/}", "before the path")]
    [InlineData("https://{/resource/a}/x", "before the path")]
    [InlineData("https://h:{/resource/a}/x", "before the path")]
    [InlineData("https://{/user/username}@h/x", "before the path")]
    [InlineData("https://h{/resource/a}", "before the path")]
    [InlineData("https:///{/resource/a}", "before the path")]
    [InlineData("ftp://h/{/resource/a}", "scheme")]
    [InlineData("https://h/a b/{/resource/a}", "white space")]
    [InlineData("https://h/x#{/resource/a}", "fragment")]
    [InlineData("https://h/../{/resource/a}", ". or ..")]
    [InlineData("https://h/{/thing/a}", "none of")]
    [InlineData("https://h/{{resource.id}}", "another template language")]
    [InlineData("h/{/resource/a}", "before the path")]
    public void Faulty_address_is_refused_with_a_remedy(string url, string words)
    {
        var (what, remedy) = Assert.NotNull(UrlTemplate.Check(url));
        Assert.Contains(words, what, StringComparison.Ordinal);
        Assert.NotEmpty(remedy);
    }

    [Fact]
    public void Values_that_are_kept_make_a_corrected_address_too()
    {
        using var scope = TestScope.Of("""{"event":{"name":"updated"},"resource":{"id":"a/b","secret":"never kept","list":[1,2]},"user":{"username":"t.durden"}}""");
        Dictionary<string, string>? values = null;
        Parse("https://old.example/{/resource/id}").Freeze(scope, ref values);
        HeaderTemplate.Parse("{/user/username} {/resource/list} {/resource/none} {/resource/id}", [])!.Freeze(scope, ref values);

        Assert.Equal(new() { ["/resource/id"] = "a/b", ["/user/username"] = "t.durden", ["/resource/list"] = "[1,2]" }, values);
        Assert.Equal("https://new.example/x/a%2Fb?by=t.durden", Parse("https://new.example/x/{/resource/id}?by={/user/username}").Expand(values!));
        Assert.Equal("t.durden [1,2]  a/b", HeaderTemplate.Parse("{/user/username} {/resource/list} {/resource/none} {/resource/id}", [])!.Expand(values!));
        Assert.Contains("{/event/name}", Assert.Throws<RenderException>(() => Parse("https://h/{/event/name}").Expand(values!)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_kept_where_nothing_is_named()
    {
        using var scope = TestScope.Of("""{"resource":{}}""");
        Dictionary<string, string>? values = null;
        Parse("https://h/x").Freeze(scope, ref values);
        HeaderTemplate.Parse("plain", [])!.Freeze(scope, ref values);
        Assert.Null(values);
        Assert.Equal("https://h/x", Parse("https://h/x").Expand(new Dictionary<string, string>()));
    }

    [Fact]
    public void A_value_too_long_for_an_address_is_refused()
    {
        using var scope = TestScope.Of("{\"resource\":{\"long\":\"" + new string('x', 8001) + "\",\"umlauts\":\"" + new string('ä', 2000) + "\"}}");
        foreach (var url in (string[])["https://h/{/resource/long}", "https://h/{/resource/umlauts}"])
        {
            Dictionary<string, string>? values = null;
            Assert.Throws<RenderException>(() => Parse(url).Freeze(scope, ref values));
        }
    }

    [Theory]
    [InlineData(null, nameof(TemplateForm.Json))]
    [InlineData("", nameof(TemplateForm.Json))]
    [InlineData("Application/JSON; charset=utf-8", nameof(TemplateForm.Json))]
    [InlineData("application/vnd.api+json", nameof(TemplateForm.Json))]
    [InlineData("text/xml;charset=utf-8", nameof(TemplateForm.Xml))]
    [InlineData("application/atom+xml", nameof(TemplateForm.Xml))]
    [InlineData("text/html", nameof(TemplateForm.Xml))]
    [InlineData("application/x-www-form-urlencoded", nameof(TemplateForm.UrlEncoded))]
    [InlineData("text/plain", nameof(TemplateForm.Plain))]
    public void Content_type_tells_how_values_are_written(string? contentType, string form) => Assert.Equal(form, TemplateForms.Of(contentType).ToString());

    private static UrlTemplate Parse(string url) => UrlTemplate.Parse(url, [])!;
}
