using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Host.Tests.Pages;

/// <summary>Uploads from the files page, over real HTTP.</summary>
public sealed class UploadTests(RunningHost host) : IClassFixture<RunningHost>
{
    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Fact]
    public async Task Several_files_at_once_arrive_whole_and_can_be_downloaded_replaced_and_deleted()
    {
        var id = await InsertAsync();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var answer = await UploadAsync(editor, id, await TokenAsync(editor), ("../../Räuber \"1\".png", Png), ("notes.html", "<script>alert(1)</script>"u8.ToArray()));
        var page = await editor.FollowAsync(answer);

        Assert.Contains("Upload complete", page.Banner, StringComparison.Ordinal);
        Assert.Contains("2 files", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("..", page.Html.InnerOf("file-name"), StringComparison.Ordinal);
        var downloads = page.Html.All("a").Select(link => link.Attribute("href")!).Where(href => href.Contains("download=1", StringComparison.Ordinal)).ToList();
        Assert.Equal("attachment", (await editor.GetAsync(downloads[0])).ContentHeaders.ContentDisposition!.DispositionType);
        var picture = await editor.GetAsync(downloads[0].Replace("&download=1", "", StringComparison.Ordinal));
        Assert.Equal(Png, picture.Body);
        Assert.Equal(("image/png", "inline"), (picture.ContentHeaders.ContentType!.MediaType, picture.ContentHeaders.ContentDisposition!.DispositionType));
        var html = await editor.GetAsync(downloads[1].Replace("&download=1", "", StringComparison.Ordinal));
        Assert.Equal("attachment", html.ContentHeaders.ContentDisposition!.DispositionType);
        Assert.Contains("sandbox", Assert.Single(html.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);

        var replace = page.Html.All("a").Select(link => link.Attribute("href")!).First(href => href.EndsWith("/replace", StringComparison.Ordinal));
        Assert.Equal(200, (await editor.GetAsync(replace)).Status);
        var replaced = await PostFilesAsync(editor, replace, await TokenAsync(editor), [("new.txt", "new"u8.ToArray())]);
        Assert.Contains("File replaced", (await editor.FollowAsync(replaced)).Banner, StringComparison.Ordinal);

        var delete = replace.Replace("/replace", "/delete", StringComparison.Ordinal);
        var gone = await editor.FollowAsync(await editor.SubmitAsync((await editor.GetAsync(delete)).Html.Form(delete)));
        Assert.Contains("1 file", gone.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("made up")]
    public async Task Without_a_good_token_nothing_is_kept(string? token)
    {
        var id = await InsertAsync();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var page = await UploadAsync(editor, id, token, ("a.png", Png));
        Assert.Equal(400, page.Status);
        Assert.Contains("Upload not taken", page.Banner, StringComparison.Ordinal);
        Assert.Contains("0 files", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_choice_is_told()
    {
        var id = await InsertAsync();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var page = await UploadAsync(editor, id, await TokenAsync(editor));
        Assert.Equal(422, page.Status);
        Assert.Contains("No file was chosen", page.Banner, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_cut_off_half_way_leaves_nothing_behind()
    {
        var id = await InsertAsync();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var token = await TokenAsync(editor);
        var cookies = editor.Cookies.GetCookieHeader(host.BaseUri);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(host.BaseUri.Host, host.BaseUri.Port);
            var body = $"--b\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n{token}\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"half.bin\"\r\n\r\n" + new string('x', 300_000);
            var head = $"POST /records/{id}/files HTTP/1.1\r\nHost: {host.BaseUri.Authority}\r\nCookie: {cookies}\r\nAccept: text/html\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + body));
            await WaitForIncomingAsync(present: true);
        }

        await WaitForIncomingAsync(present: false);
        Assert.Contains("0 files", (await editor.GetAsync($"/records/{id}/files")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_edit_may_not_upload()
    {
        var id = await InsertAsync();
        using var viewer = await PageVisitor.SignInAsync(host, "viewer");
        var token = (await viewer.GetAsync("/")).Html.Form("/signout")["__RequestVerificationToken"];
        Assert.Equal(403, (await UploadAsync(viewer, id, token, ("a.png", Png))).Status);
    }

    private async Task WaitForIncomingAsync(bool present)
    {
        var incoming = Path.Combine(host.DataDirectory, "files", "incoming");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (present != (Directory.Exists(incoming) && Directory.EnumerateFiles(incoming).Any()))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private static async Task<string> TokenAsync(PageVisitor visitor) => (await visitor.GetAsync("/")).Html.Form("/signout")["__RequestVerificationToken"]!;

    private static Task<PageAnswer> UploadAsync(PageVisitor visitor, long id, string? token, params (string Name, byte[] Content)[] files) =>
        PostFilesAsync(visitor, $"/records/{id}/files", token, files);

    private static async Task<PageAnswer> PostFilesAsync(PageVisitor visitor, string path, string? token, (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        if (token is not null)
            form.Add(new StringContent(token), "__RequestVerificationToken");
        foreach (var (name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"files\"", FileName = $"\"{name.Replace("\"", "%22", StringComparison.Ordinal)}\"" };
            form.Add(part);
        }

        if (files.Length == 0)
        {
            // As a browser sends a file box that was left empty.
            var part = new ByteArrayContent([]);
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"files\"", FileName = "\"\"" };
            form.Add(part);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        return await visitor.SendAsync(request);
    }

    private async Task<long> InsertAsync() => (await host.InsertAsync(new { title = "With files" })).GetProperty("id").GetInt64();
}
