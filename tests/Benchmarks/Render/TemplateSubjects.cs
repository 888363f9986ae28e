using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Templates;

namespace Benchmarks.Render;

/// <summary>A template of 2 KB with forty expressions, as an object and as a text: by a dialect that has templates, and by the engine alone.</summary>
internal static class TemplateSubjects
{
    private const int Length = 2048;
    private const int Expressions = 40;

    private static readonly string[] Pointers =
    [
        "/event/name", "/event/dateTime", "/user/firstname", "/user/lastname", "/resource/sys/id", "/resource/sys.contentTypeId", "/resource/entryTitle", "/resource/entryDescription",
        "/resource/keywords", "/resource/sys/version/versionNo", "/resource/missing",
    ];

    /// <summary>The template as an object: members whose values are one expression, or words with two of them.</summary>
    public static string ObjectText { get; } = MakeObject().ToJsonString();

    public static IEnumerable<RenderSubject> All(IReadOnlyList<IDialect> dialects)
    {
        foreach (var dialect in dialects.Where(dialect => dialect.Options.Any(option => option.Key == "templates")))
        {
            var change = ExampleChanges.Of(ChangeKind.MetadataChanged);
            yield return RenderSubject.Of(
                dialect, "2 KB template, an object", $$$"""{"topics":[{"resourceType":"entry"}],"templates":{"entry":{{{ObjectText}}}}}""", change, isTemplate: true);
            yield return RenderSubject.Of(
                dialect, "2 KB template, a text", $$$"""{"topics":[{"resourceType":"entry"}],"templates":{"entry":{{{JsonValue.Create(ObjectText).ToJsonString()}}}}}""", change, isTemplate: true);
        }
        var scope = Encoding.UTF8.GetBytes(
            """
            {"event":{"name":"updated","dateTime":"2026-03-01T12:00:00.250Z"},"user":{"username":"editor","firstName":"Ed","lastName":"Itor"},"resource":{"entryTitle":"Lighthouse at dusk",
            "entryDescription":"The lighthouse on Gull Island, seen from the pier.","keywords":["lighthouse","coast"],"sys":{"id":"0195512a-5cfa-7000-8000-000000000003",
            "contentTypeId":"image","version":{"versionNo":"4.0"}}}}
            """);
        using var document = JsonDocument.Parse(ObjectText);
        var template = ObjectTemplate.Parse(document.RootElement, [])!;
        yield return new RenderSubject("engine", "2 KB template and its scope", () => Render(template, scope), isTemplate: true);
    }

    private static ReadOnlyMemory<byte> Render(BodyTemplate template, byte[] json)
    {
        using var scope = TemplateScope.Parse(json);
        return template.Render(scope);
    }

    private static JsonObject MakeObject()
    {
        var made = new JsonObject();
        for (var i = 0; i < Expressions; i++)
        {
            var pointer = $"{{{Pointers[i % Pointers.Length]}}}";
            made[$"member{i:00}"] = i % 4 == 3 ? $"in words: {pointer} and {{{Pointers[++i % Pointers.Length]}}}" : pointer;
        }
        made["words"] = "";
        made["words"] = new string('w', Length - made.ToJsonString().Length);
        return made;
    }
}
