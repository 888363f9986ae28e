using System.Net.Http.Headers;
using System.Net.Http.Json;
using Host.Tests.Pages;
using SampleHost.Accounts;

namespace Host.Tests.EditPage;

/// <summary>Looking through an upload record by record: Save goes on to the next, a press stays.</summary>
public sealed class UploadReviewTests(HostWithOtherSystem setting) : IClassFixture<HostWithOtherSystem>
{
    private readonly RunningHost _host = setting.Host;

    [Fact]
    public async Task Each_file_becomes_a_record_with_the_defaults_and_saving_walks_through_them()
    {
        using var user = await NewUserAsync("walker");
        var defaults = (await user.GetAsync((await user.GetAsync("/upload")).Html.All("a").First(link => link.Text == "Change the defaults").Attribute("href")!)).Html.Form("edit");
        defaults["f.keywords"] = "from the defaults";
        await user.SubmitAsync(defaults);
        var page = await user.FollowAsync(await UploadAsync(user, "first.txt", "second.txt", "third.txt"));

        Assert.Contains("Upload complete", page.Banner, StringComparison.Ordinal);
        Assert.Contains("2 more of your upload", page.Text, StringComparison.Ordinal);
        var form = page.Html.Form("edit");
        Assert.Equal(("first", "from the defaults", "1"), (form["f.title"], form["f.keywords"], form["review"]));
        form["f.title"] = "First, looked at";
        page = await user.FollowAsync(await user.SubmitAsync(form, page.Html.Form("edit").Button("Save and next")));
        Assert.Contains("1 more of your upload", page.Text, StringComparison.Ordinal);
        Assert.Equal("second", page.Html.Form("edit")["f.title"]);

        // Passed over, it stays in the list and comes after the last.
        page = await user.GetAsync(page.Html.All("a").First(link => link.Text == "Skip").Attribute("href")!);
        Assert.Equal("third", page.Html.Form("edit")["f.title"]);
        page = await user.FollowAsync(await user.SubmitAsync(page.Html.Form("edit")));
        Assert.Equal("second", page.Html.Form("edit")["f.title"]);
        Assert.Contains("Last of your upload", page.Text, StringComparison.Ordinal);
        var done = await user.SubmitAsync(page.Html.Form("edit"), page.Html.Form("edit").Button("Save and finish"));
        Assert.Equal("/?done=reviewed", done.Location);
        Assert.DoesNotContain("to look through", (await user.GetAsync("/upload")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_press_stays_on_its_record_with_fresh_data_and_the_review_does_not_come_back_to_it()
    {
        using var user = await NewUserAsync("presser");
        var page = await user.FollowAsync(await UploadAsync(user, "one.txt", "two.txt"));
        var form = page.Html.Form("edit");
        form["f.title"] = "One, typed";
        var answer = await user.SubmitAsync(form, form.Button("Write"));
        page = await user.FollowAsync(answer);

        Assert.Contains("review=1&press=", answer.Location, StringComparison.Ordinal);
        Assert.Contains("The API said 200.", page.Banner, StringComparison.Ordinal);
        form = page.Html.Form("edit");
        Assert.Equal(("One, typed", "Written by the other system", "1"), (form["f.title"], form["f.location"], form["review"]));
        var upload = await user.GetAsync("/upload");
        Assert.Contains("1 record to look through", upload.Text, StringComparison.Ordinal);
        var second = await user.GetAsync(upload.Html.All("a").First(link => link.Text == "Go on with the review").Attribute("href")!);
        Assert.Equal("two", second.Html.Form("edit")["f.title"]);
        Assert.Equal("two", (await user.FollowAsync(await user.SubmitAsync(form))).Html.Form("edit")["f.title"]);
    }

    [Fact]
    public async Task A_refused_save_stays_in_the_review()
    {
        using var user = await NewUserAsync("refused");
        var page = await user.FollowAsync(await UploadAsync(user, "a.txt", "b.txt"));
        var form = page.Html.Form("edit");
        form["f.date"] = "last summer";
        page = await user.SubmitAsync(form, form.Button("Fail"));

        Assert.Equal(422, page.Status);
        Assert.Equal("1", page.Html.Form("edit")["review"]);
        Assert.Contains("2 records to look through", (await user.GetAsync("/upload")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_records_leave_the_review_and_it_can_be_ended()
    {
        using var user = await NewUserAsync("ender");
        await UploadAsync(user, "a.txt", "b.txt", "c.txt");
        var page = await user.GetAsync("/upload");
        var first = page.Html.All("a").First(link => link.Text == "Go on with the review").Attribute("href")!;
        using var delete = await _host.Editor.DeleteAsync("/api" + first[..first.IndexOf("/edit", StringComparison.Ordinal)]);
        delete.EnsureSuccessStatusCode();
        page = await user.GetAsync("/upload");
        Assert.Contains("2 records to look through", page.Text, StringComparison.Ordinal);
        Assert.Equal("/upload?done=forgotten", (await user.SubmitAsync(page.Html.Form("/upload/review/end"))).Location);
        Assert.DoesNotContain("to look through", (await user.GetAsync("/upload")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_never_stand_on_the_page_that_edits_several()
    {
        using var user = await NewUserAsync("several");
        await UploadAsync(user, "a.txt", "b.txt");
        var ids = (await user.GetAsync("/")).Html.All("input").Where(box => box.Attribute("name") == "ids").Take(2).Select(box => box.Attribute("value"));
        var page = await user.GetAsync($"/records/edit?{string.Join('&', ids.Select(id => $"ids={id}"))}");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("↺", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_or_a_file_nothing_is_made()
    {
        using var user = await NewUserAsync("nofile");
        Assert.Equal(422, (await UploadAsync(user)).Status);
        using var content = new MultipartFormDataContent { { new ByteArrayContent([1]), "files", "a.txt" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = content };
        Assert.Equal(400, (await user.SendAsync(request)).Status);
        Assert.DoesNotContain("to look through", (await user.GetAsync("/upload")).Text, StringComparison.Ordinal);
    }

    private async Task<PageVisitor> NewUserAsync(string name)
    {
        await _host.AddUserAsync(name, [Roles.Editor]);
        return await PageVisitor.SignInAsync(_host, name);
    }

    private static async Task<PageAnswer> UploadAsync(PageVisitor user, params string[] names)
    {
        var token = (await user.GetAsync("/upload")).Html.Form("upload-new")["__RequestVerificationToken"]!;
        using var content = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" } };
        foreach (var name in names)
        {
            var file = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes($"content of {name}"));
            file.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
            content.Add(file, "files", name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = content };
        return await user.SendAsync(request);
    }
}
