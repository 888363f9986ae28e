using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Host.Tests.Api;

/// <summary>Every bad value is refused with its field's name and a remedy, and nothing is saved.</summary>
public sealed class RefusedValuesTests(RunningHost host) : IClassFixture<RunningHost>
{
    public static TheoryData<string, string, string> BadInserts => new()
    {
        { """{}""", "title", "needed" },
        { """{"title":"   "}""", "title", "needed" },
        { $$"""{"title":"{{new string('x', 501)}}"}""", "title", "501" },
        { """{"title":"a","type":"spaceship"}""", "type", "document" },
        { """{"title":"a","fields":{"titel":["b"]}}""", "titel", "no field" },
        { """{"title":"a","titel":"b"}""", "titel", "not known" },
        { """{"title":"a","fields":{"date":["yesterday"]}}""", "date", "1887-04-21" },
        { """{"title":"a","fields":{"date":["2023-02-30"]}}""", "date", "not a date" },
        { """{"title":"a","fields":{"pages":["many"]}}""", "pages", "not a number" },
        { """{"title":"a","type":"news","fields":{"link":["javascript:alert(1)"]}}""", "link", "https://" },
        { """{"title":"a","fields":{"licence":["mine"]}}""", "licence", "cc-by" },
        { """{"title":"a","fields":{"location":["x","y"]}}""", "location", "Only one" },
        { $$$"""{"title":"a","fields":{"keywords":[{{{string.Join(',', Enumerable.Range(0, 201).Select(i => $"\"k{i}\""))}}}]}}""", "keywords", "200" },
        { """{"title":"a\u0000b"}""", "title", "control characters" },
        { """{"title":5}""", "title", "quotes" },
        { """{"title":"a","fields":{"keywords":{"a":1}}}""", "keywords", "list of texts" },
        { """{"title":"a","fields":[]}""", "fields", "object" },
        { """{"title":"a","private":"yes"}""", "private", "true or false" },
        { """{"title":"a","language":"<b>"}""", "language", "de-CH" },
        { """{"title":"a","collection":"nowhere"}""", "collection", "no collection" },
        { """{"title":"a","parentId":987654}""", "parentId", "987654" },
    };

    [Theory]
    [MemberData(nameof(BadInserts))]
    public async Task A_bad_insert_names_the_field_and_saves_nothing(string json, string field, string says)
    {
        var before = await LastChangeAsync();
        using var response = await host.Editor.PostAsync("/api/records", Json(json));
        var problem = await Answer.ProblemAsync(response, 422);

        Assert.Contains(says, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await LastChangeAsync());
    }

    [Theory]
    [InlineData("""{"title":"a\ud800"}""")]
    [InlineData("""{"title":"a","fields":{"k\udc00":["b"]}}""")]
    public async Task Half_a_character_is_refused_in_words(string json)
    {
        using var response = await host.Editor.PostAsync("/api/records", Json(json));

        var problem = await Answer.ProblemAsync(response, 400);
        Assert.Contains("half a character", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_errors_come_at_once()
    {
        using var response = await host.Editor.PostAsync("/api/records", Json("""{"fields":{"date":["x"],"pages":["y"],"nothing":["z"]}}"""));
        var errors = (await Answer.ProblemAsync(response, 422)).GetProperty("errors");
        Assert.Equal(["date", "nothing", "pages", "title"], errors.EnumerateObject().Select(error => error.Name).Order());
    }

    [Fact]
    public async Task A_bad_patch_leaves_the_record_as_it_was()
    {
        var record = await host.InsertAsync(new { title = "Keep", fields = new { date = "1887" } });
        var path = $"/api/records/{record.GetProperty("id")}";
        using var response = await host.Editor.PatchAsync(path, Json("""{"title":"Changed","fields":{"date":["soon"]}}"""));
        await Answer.ProblemAsync(response, 422);

        using var read = await host.Editor.GetAsync(path);
        Assert.Equal(record.ToString(), (await Answer.JsonAsync(read, 200)).ToString());
    }

    [Fact]
    public async Task A_title_cannot_be_cleared()
    {
        var record = await host.InsertAsync(new { title = "Keep" });
        using var response = await host.Editor.PatchAsync($"/api/records/{record.GetProperty("id")}", Json("""{"fields":{"title":[]}}"""));
        Assert.True((await Answer.ProblemAsync(response, 422)).GetProperty("errors").TryGetProperty("title", out _));
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("{\"title\":\n\"a\" \"b\"}", "line 2")]
    [InlineData("[1]", "JSON object")]
    [InlineData("", "JSON")]
    public async Task A_body_that_is_no_object_is_refused_with_its_place(string body, string says)
    {
        using var response = await host.Editor.PostAsync("/api/records", Json(body));
        Assert.Contains(says, (await Answer.ProblemAsync(response, 400)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task An_unknown_content_type_is_refused()
    {
        using var response = await host.Editor.PostAsync("/api/records", new StringContent("<title/>", Encoding.UTF8, "text/xml"));
        await Answer.ProblemAsync(response, 415);
    }

    [Theory]
    [InlineData("/api/records?limit=0")]
    [InlineData("/api/records?limit=many")]
    [InlineData("/api/records?after=-1")]
    [InlineData("/api/changes?after=x")]
    public async Task Bad_paging_is_refused(string path)
    {
        using var response = await host.SysAdmin.GetAsync(path);
        await Answer.ProblemAsync(response, 400);
    }

    [Theory]
    [InlineData("GET", "/api/records/987654321", 404)]
    [InlineData("PATCH", "/api/records/987654321", 404)]
    [InlineData("DELETE", "/api/records/987654321", 404)]
    [InlineData("POST", "/api/records/987654321/publish", 404)]
    [InlineData("POST", "/api/records/987654321/workflow/submit", 404)]
    [InlineData("GET", "/api/files/dam:nothing/content", 404)]
    [InlineData("PUT", "/api/files/dam:nothing/content", 404)]
    [InlineData("DELETE", "/api/files/dam:nothing", 404)]
    [InlineData("POST", "/api/feeds/987654321/entries", 404)]
    [InlineData("GET", "/api/nothing-here", 404)]
    [InlineData("PUT", "/api/records", 405)]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is "PATCH" or "POST" or "PUT")
            request.Content = Json("""{"title":"a"}""");
        using var response = await host.SysAdmin.SendAsync(request);
        await Answer.ProblemAsync(response, status);
    }

    [Fact]
    public async Task An_if_match_without_a_version_is_refused()
    {
        var record = await host.InsertAsync(new { title = "Keep" });
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/records/{record.GetProperty("id")}") { Content = JsonContent.Create(new { title = "x" }) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"abc\"");
        using var response = await host.Editor.SendAsync(request);
        await Answer.ProblemAsync(response, 400);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task<long> LastChangeAsync()
    {
        using var response = await host.SysAdmin.GetAsync("/api/changes?limit=1000");
        return (await Answer.JsonAsync(response, 200)).GetProperty("last").GetInt64();
    }
}
