using Host.Tests.Pages;

namespace Host.Tests.EditPage;

/// <summary>An upload of which one file is refused, with a plugin that objects to saves by their values.</summary>
public sealed class UploadRefusedTests(HostWithButtons buttons) : IClassFixture<HostWithButtons>
{
    [Fact]
    public async Task What_came_before_it_stays_and_what_comes_after_it_leaves_nothing_behind()
    {
        using var editor = await PageVisitor.SignInAsync(buttons.Host, "editor");
        var token = (await editor.GetAsync("/upload")).Html.Form("upload-new")["__RequestVerificationToken"]!;
        using var content = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        foreach (var name in new[] { "taken.txt", "refuse me.txt", "never.txt" })
            content.Add(new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(name)), "files", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = content };
        var page = await editor.SendAsync(request);

        Assert.Equal(422, page.Status);
        Assert.Contains("Only 1 of 3 files became records", page.Banner, StringComparison.Ordinal);
        Assert.Contains("The fixture refuses this value", page.Banner, StringComparison.Ordinal);
        Assert.Contains("1 record to look through", page.Text, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(buttons.Host.DataDirectory, "files"), "*", SearchOption.AllDirectories));
    }
}
