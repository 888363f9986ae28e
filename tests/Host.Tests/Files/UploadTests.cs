using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Host.Tests.Files;

/// <summary>Files come in through the API, are stored by their content and go out again safely.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_record_comes_with_its_files_in_one_request()
    {
        using var body = new MultipartFormDataContent
        {
            { File("one"), "file", "one.txt" },
            { new StringContent("""{"title":"With files"}""", Encoding.UTF8, "application/json"), "record" },
            { File("two"), "another", "two.txt" },
        };
        using var response = await _host.Editor.PostAsync("/api/records", body);
        var record = await Answer.JsonAsync(response, 201);

        var files = record.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal(["one.txt", "two.txt"], files.Select(file => file.GetProperty("name").GetString()));
        Assert.Equal("text/plain", files[0].GetProperty("mediaType").GetString());
        Assert.Equal(3, files[0].GetProperty("length").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("one"u8)), files[0].GetProperty("sha256").GetString());
        Assert.Equal("two", await _host.Viewer.GetStringAsync(files[1].GetProperty("url").GetString()));
        Assert.Equal(["RecordInserted", "FileAdded", "FileAdded"], await KindsAsync());
    }

    [Fact]
    public async Task Append_replace_and_delete_are_each_logged_with_the_file()
    {
        var id = (await _host.InsertAsync(new { title = "Files" })).GetProperty("id").GetInt64();
        using var appended = await AppendAsync(id, "first", "first.txt");
        var file = (await Answer.JsonAsync(appended, 201)).GetProperty("files")[0];
        var pid = file.GetProperty("pid").GetString()!;
        Assert.Equal("\"2\"", appended.Headers.ETag!.Tag);

        using var content = new StringContent("second", Encoding.UTF8, "text/plain");
        content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "second.txt" };
        using var replaced = await _host.Editor.PutAsync($"/api/files/{pid}/content", content);
        var after = (await Answer.JsonAsync(replaced, 200)).GetProperty("files")[0];
        Assert.Equal(pid, after.GetProperty("pid").GetString());
        Assert.Equal("second.txt", after.GetProperty("name").GetString());
        Assert.Equal("second", await _host.Viewer.GetStringAsync($"/api/files/{pid}/content"));

        using var deleted = await _host.Editor.DeleteAsync($"/api/files/{Uri.EscapeDataString(pid)}");
        Assert.Equal(204, (int)deleted.StatusCode);

        var changes = await ChangesAsync();
        Assert.Equal(["RecordInserted", "RecordAppended", "FileAdded", "FileReplaced", "FileDeleted"], changes.Select(Kind));
        Assert.Equal("first.txt", changes[3].GetProperty("previousFile").GetProperty("name").GetString());
        Assert.Equal("second.txt", changes[3].GetProperty("file").GetProperty("name").GetString());
        Assert.Equal("second.txt", changes[4].GetProperty("file").GetProperty("name").GetString());
        Assert.Empty(Contents());
    }

    [Fact]
    public async Task Replacing_without_a_name_keeps_the_name_and_also_takes_multipart()
    {
        var id = (await _host.InsertAsync(new { title = "Files" })).GetProperty("id").GetInt64();
        using var appended = await AppendAsync(id, "first", "kept.txt");
        var url = (await Answer.JsonAsync(appended, 201)).GetProperty("files")[0].GetProperty("url").GetString();

        using var raw = await _host.Editor.PutAsync(url, new ByteArrayContent("raw"u8.ToArray()));
        Assert.Equal("kept.txt", (await Answer.JsonAsync(raw, 200)).GetProperty("files")[0].GetProperty("name").GetString());

        using var body = new MultipartFormDataContent { { File("multi"), "file", "new.txt" } };
        using var multi = await _host.Editor.PutAsync(url, body);
        Assert.Equal("new.txt", (await Answer.JsonAsync(multi, 200)).GetProperty("files")[0].GetProperty("name").GetString());

        using var two = new MultipartFormDataContent { { File("a"), "file", "a.txt" }, { File("b"), "file", "b.txt" } };
        using var refused = await _host.Editor.PutAsync(url, two);
        await Answer.ProblemAsync(refused, 400);
        Assert.Equal("multi", await _host.Editor.GetStringAsync(url));
        Assert.Single(Contents());
    }

    [Fact]
    public async Task The_same_content_is_kept_once_and_as_long_as_somebody_has_it()
    {
        var first = (await _host.InsertAsync(new { title = "One" })).GetProperty("id").GetInt64();
        var second = (await _host.InsertAsync(new { title = "Two" })).GetProperty("id").GetInt64();
        using var one = await AppendAsync(first, "shared", "a.txt");
        using var two = await AppendAsync(second, "shared", "b.txt");
        var url = (await Answer.JsonAsync(two, 201)).GetProperty("files")[0].GetProperty("url").GetString();
        Assert.Single(Contents());

        (await _host.Editor.DeleteAsync($"/api/records/{first}")).Dispose();
        Assert.Equal("shared", await _host.Editor.GetStringAsync(url));
        (await _host.Editor.DeleteAsync($"/api/records/{second}")).Dispose();
        Assert.Empty(Contents());
    }

    [Fact]
    public async Task A_refused_insert_leaves_no_file_behind()
    {
        foreach (var record in (string?[])["""{"title":""}""", """{"title":"x","colour":"y"}""", "{", null])
        {
            using var body = new MultipartFormDataContent { { File("orphan"), "file", "orphan.txt" } };
            if (record is not null)
                body.Add(new StringContent(record), "record");
            using var response = await _host.Editor.PostAsync("/api/records", body);
            Assert.True((int)response.StatusCode is 422 or 400);
            Assert.Empty(Contents());
        }

        using var forbidden = new MultipartFormDataContent { { File("orphan"), "file", "orphan.txt" }, { new StringContent("""{"title":"x"}"""), "record" } };
        using var refused = await _host.Viewer.PostAsync("/api/records", forbidden);
        await Answer.ProblemAsync(refused, 403);
        Assert.Empty(Contents());
        Assert.Empty(await KindsAsync());
    }

    [Fact]
    public async Task What_is_downloaded_cannot_run_and_can_be_had_in_parts()
    {
        var id = (await _host.InsertAsync(new { title = "Download" })).GetProperty("id").GetInt64();
        using var appended = await AppendAsync(id, "<script>alert(1)</script>", "Grüße.html");
        var url = (await Answer.JsonAsync(appended, 201)).GetProperty("files")[0].GetProperty("url").GetString();

        using var whole = await _host.Viewer.GetAsync(url);
        Assert.Equal(200, (int)whole.StatusCode);
        Assert.Equal("nosniff", whole.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("attachment", whole.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Grüße.html", whole.Content.Headers.ContentDisposition.FileNameStar);

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(8, 12);
        using var part = await _host.Viewer.SendAsync(request);
        Assert.Equal(206, (int)part.StatusCode);
        Assert.Equal("alert", await part.Content.ReadAsStringAsync());

        using var known = new HttpRequestMessage(HttpMethod.Get, url);
        known.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var unchanged = await _host.Viewer.SendAsync(known);
        Assert.Equal(304, (int)unchanged.StatusCode);
    }

    [Fact]
    public async Task A_private_record_keeps_its_files_to_itself()
    {
        using var inserted = await _host.Admin.PostAsync("/api/records", new StringContent("""{"title":"Secret","private":true}""", Encoding.UTF8, "application/json"));
        var id = (await Answer.JsonAsync(inserted, 201)).GetProperty("id").GetInt64();
        using var body = new MultipartFormDataContent { { File("secret"), "file", "secret.txt" } };
        using var appended = await _host.Admin.PostAsync($"/api/records/{id}/files", body);
        var url = (await Answer.JsonAsync(appended, 201)).GetProperty("files")[0].GetProperty("url").GetString();

        using var read = await _host.Editor.GetAsync(url);
        await Answer.ProblemAsync(read, 404);
        using var replaced = await _host.Editor.PutAsync(url, new ByteArrayContent([1]));
        await Answer.ProblemAsync(replaced, 404);
        using var nobody = await _host.Nobody.GetAsync(url);
        await Answer.ProblemAsync(nobody, 401);
    }

    [Fact]
    public async Task An_append_without_a_file_is_refused()
    {
        var id = (await _host.InsertAsync(new { title = "Empty" })).GetProperty("id").GetInt64();
        using var response = await _host.Editor.PostAsync($"/api/records/{id}/files", new MultipartFormDataContent("b"));
        await Answer.ProblemAsync(response, 400);
    }

    private async Task<HttpResponseMessage> AppendAsync(long id, string content, string name)
    {
        using var body = new MultipartFormDataContent { { File(content), "file", name } };
        return await _host.Editor.PostAsync($"/api/records/{id}/files", body);
    }

    private static ByteArrayContent File(string content) => new(Encoding.UTF8.GetBytes(content));

    private string[] Contents() => Directory.GetFiles(Path.Combine(_host.DataDirectory, "files"), "*", SearchOption.AllDirectories);

    private async Task<IEnumerable<string>> KindsAsync() => (await ChangesAsync()).Select(Kind);

    private static string Kind(JsonElement change) => change.GetProperty("kind").GetString()!;

    private async Task<List<JsonElement>> ChangesAsync()
    {
        using var response = await _host.SysAdmin.GetAsync("/api/changes?after=0&limit=100");
        return (await Answer.JsonAsync(response, 200)).GetProperty("changes").EnumerateArray().ToList();
    }
}
