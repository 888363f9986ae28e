using System.Net.Http.Json;
using System.Text;

namespace Host.Tests.Demo;

/// <summary>The demo's collections management system, called as a button calls it. It calls back into the same running host.</summary>
public sealed class DemoCmsTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Theory]
    [InlineData("CM-1042")]
    [InlineData(" cm-1042 ")]
    public async Task Fetching_fills_the_record_through_the_host_API(string typed)
    {
        var id = await demo.InsertAsync(typed);

        var (status, message) = await PressAsync($"/demo/cms/fetch?resource_id={id}", "");

        Assert.Equal((200, "Fetched CM-1042: Storage jar with ash glaze"), (status, message));
        var record = await demo.ReadAsync(id);
        Assert.Equal("Storage jar with ash glaze", record.GetProperty("title").GetString());
        Assert.Equal("CM-1042", record.GetProperty("fields").GetProperty("cmsid")[0].GetString());
        Assert.Equal("about 1815", record.GetProperty("fields").GetProperty("date")[0].GetString());
        Assert.Equal("Stoneware, ash glaze", record.GetProperty("fields").GetProperty("material")[0].GetString());
    }

    [Theory]
    [InlineData("document")]
    [InlineData("image")]
    public async Task Types_that_ask_for_a_calendar_date_get_one(string type)
    {
        var id = await demo.InsertAsync("CM-2201", type);

        Assert.Equal(200, (await PressAsync($"/demo/cms/fetch?resource_id={id}", "")).Status);

        Assert.Equal("1887-08-14", (await demo.ReadAsync(id)).GetProperty("fields").GetProperty("date")[0].GetString());
    }

    [Fact]
    public async Task The_record_may_also_be_named_in_the_body()
    {
        var id = await demo.InsertAsync("CM-1107");

        Assert.Equal(200, (await PressAsync("/demo/cms/fetch", $"{id}")).Status);
        Assert.Equal(200, (await PressAsync("/demo/cms/fetch", $"{{\"resource\":{id},\"button\":\"x\"}}")).Status);
        Assert.Equal(400, (await PressAsync("/demo/cms/fetch", "neither id nor JSON")).Status);
    }

    [Theory]
    [InlineData(null, 422, "no collection number")]
    [InlineData("CM-9", 404, "CM-9")]
    public async Task A_missing_or_unknown_number_is_told_with_numbers_to_try(string? number, int expected, string told)
    {
        var id = await demo.InsertAsync(number);

        var (status, message) = await PressAsync($"/demo/cms/fetch?resource_id={id}", "");

        Assert.Equal(expected, status);
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.Contains("CM-1042", message, StringComparison.Ordinal);
        Assert.Equal("Before", (await demo.ReadAsync(id)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_record_that_is_not_there_is_told() =>
        Assert.Equal(404, (await PressAsync("/demo/cms/fetch?resource_id=999999", "")).Status);

    [Fact]
    public async Task It_sees_no_more_than_its_key()
    {
        using var answer = await demo.Client("admin").PostAsJsonAsync("/api/records", new { title = "Private to the admin", @private = true });
        var id = (await Answer.JsonAsync(answer, 201)).GetProperty("id").GetInt64();

        Assert.Equal(404, (await PressAsync($"/demo/cms/fetch?resource_id={id}", "")).Status);
    }

    [Fact]
    public async Task Pushing_keeps_the_record_s_image_with_the_object_and_shows_it()
    {
        var jar = (await demo.RecordsAsync("editor")).Single(record => record.GetProperty("files").EnumerateArray().Any(file => file.GetProperty("name").GetString() == "storage-jar.jpg"));
        var id = jar.GetProperty("id").GetInt64();
        using var number = await demo.Client("editor").PatchAsJsonAsync($"/api/records/{id}", new { fields = new { cmsid = new[] { "CM-1042" } } });
        Assert.Equal(200, (int)number.StatusCode);

        using var answer = await demo.Host.Nobody.PostAsync($"/demo/cms/push?resource_id={id}", null);

        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("storage-jar.jpg", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var editor = await demo.SignInAsync("editor");
        Assert.Contains("/demo/cms/objects/CM-1042/image", (await editor.GetAsync("/demo/cms")).Html.Source, StringComparison.Ordinal);
        var kept = await editor.GetAsync("/demo/cms/objects/CM-1042/image");
        var original = await demo.Client("editor").GetByteArrayAsync(jar.GetProperty("files")[0].GetProperty("url").GetString());
        Assert.Equal(original, kept.Body);
    }

    [Fact]
    public async Task Pushing_a_record_without_an_image_is_told()
    {
        var id = await demo.InsertAsync("CM-1042");

        using var answer = await demo.Host.Nobody.PostAsync($"/demo/cms/push?resource_id={id}", null);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Contains("no image", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(int Status, string Message)> PressAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await demo.Host.Nobody.PostAsync(path, content);
        var json = await Answer.JsonAsync(answer, (int)answer.StatusCode);
        return ((int)answer.StatusCode, json.GetProperty("message").GetString()!);
    }
}
