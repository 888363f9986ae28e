using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Templates;

namespace Plugin.Tests.Templates;

/// <summary>
/// Every file of the folder Cases holds a scope and cases: a <c>url</c>, a <c>header</c>, a <c>text</c> (with its <c>contentType</c>) or an <c>object</c>, and what it
/// <c>gives</c>, with what words it <c>failsWith</c> for this scope, or the <c>faults</c> found when it is saved: place, character and words of each.
/// </summary>
public sealed class TemplateCaseTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Templates", "Cases");

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal))
        {
            foreach (var item in Load(file)["cases"]!.AsArray())
                data.Add(Path.GetFileName(file), (string)item!["name"]!);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Template_gives_exactly_this(string file, string name)
    {
        var root = Load(Path.Combine(Folder, file));
        var item = root["cases"]!.AsArray().Single(c => (string)c!["name"]! == name)!.AsObject();
        using var scope = TestScope.Of(root["scope"]!.ToJsonString());

        var (result, faults) = Run(item, scope);

        var expected = item["faults"]?.AsArray().Select(fault => (string)fault!).ToArray() ?? [];
        Assert.Equal(expected.Length, faults.Count);
        foreach (var (words, fault) in expected.Zip(faults))
        {
            var position = fault.Position.ToString(CultureInfo.InvariantCulture);
            Assert.StartsWith(fault.Place.Length == 0 ? $"{position} " : $"{fault.Place} {position} ", words, StringComparison.Ordinal);
            Assert.Contains(words[(words.IndexOf($" {position} ", StringComparison.Ordinal) is var at and >= 0 ? at + position.Length + 2 : position.Length + 1)..], fault.What, StringComparison.Ordinal);
            Assert.NotEmpty(fault.Remedy);
        }
        if (item["failsWith"] is { } failure)
            Assert.Contains((string)failure!, Assert.IsType<RenderException>(result).Message, StringComparison.Ordinal);
        else if (expected.Length == 0)
            Assert.Equal((string)item["gives"]!, result as string ?? result?.ToString());
    }

    private static (object? Result, List<TemplateFault> Faults) Run(JsonObject item, TemplateScope scope)
    {
        var faults = new List<TemplateFault>();
        try
        {
            return (Render(item, scope, faults), faults);
        }
        catch (RenderException exception)
        {
            return (exception, faults);
        }
    }

    private static string? Render(JsonObject item, TemplateScope scope, List<TemplateFault> faults)
    {
        Dictionary<string, string>? values = null;
        if (item["url"] is { } url)
        {
            var template = UrlTemplate.Parse((string)url!, faults);
            template?.Freeze(scope, ref values);
            return template?.Expand(values ?? []);
        }
        if (item["header"] is { } header)
        {
            var template = HeaderTemplate.Parse((string)header!, faults);
            template?.Freeze(scope, ref values);
            return template?.Expand(values ?? []);
        }
        var form = TemplateForms.Of((string?)item["contentType"]);
        var body = item["text"] is { } text ? TextTemplate.Parse((string)text!, form, faults) : ParseObject(item["object"]!, faults);
        return body is null ? null : Encoding.UTF8.GetString(body.Render(scope).Span);
    }

    private static BodyTemplate? ParseObject(JsonNode template, List<TemplateFault> faults)
    {
        using var document = JsonDocument.Parse(template.ToJsonString());
        return ObjectTemplate.Parse(document.RootElement, faults);
    }

    private static JsonObject Load(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();
}
