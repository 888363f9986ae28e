using Host.Tests.Pages;

namespace Host.Tests.EditPage;

/// <summary>The called system may delete the record, or hide it: who pressed hears the outcome all the same, and nothing that was saved is lost from sight.</summary>
public sealed class GonePressTests(HostWithOtherSystem setting) : IClassFixture<HostWithOtherSystem>
{
    private readonly RunningHost _host = setting.Host;

    [Theory]
    [InlineData("Delete", "The API said 204.")]
    [InlineData("Hide", "The API said 200.")]
    public async Task A_record_that_goes_during_its_own_press_is_told_of_with_the_outcome_and_what_was_saved(string button, string says)
    {
        // Owned by another, so that private means out of sight for the editor.
        using var inserted = await _host.Admin.PostAsync("/api/records", new StringContent("""{"title":"Doomed"}""", System.Text.Encoding.UTF8, "application/json"));
        var id = (await Answer.JsonAsync(inserted, 201)).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.location"] = "Typed place";
        var page = await editor.SubmitAsync(form, form.Button(button));

        Assert.Equal(200, page.Status);
        Assert.Contains(says, page.Banner, StringComparison.Ordinal);
        Assert.Contains("not there any more", page.Banner, StringComparison.Ordinal);
        Assert.Equal("Typed place", page.Html.Form("edit")["f.location"]);
    }

    [Fact]
    public async Task The_address_of_a_press_still_tells_its_outcome_when_the_record_has_gone_to_who_pressed_alone()
    {
        var id = (await _host.InsertAsync(new { title = "Doomed later" })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        var answer = await editor.SubmitAsync(form, form.Button("Write"));
        using var delete = await _host.Editor.DeleteAsync($"/api/records/{id}");
        delete.EnsureSuccessStatusCode();
        var page = await editor.FollowAsync(answer);

        Assert.Equal(404, page.Status);
        Assert.Contains("There is no such record", page.Text, StringComparison.Ordinal);
        Assert.Contains("The API said 200.", page.Banner, StringComparison.Ordinal);
        var poll = answer.Location!.Replace("/edit?press=", "/presses/", StringComparison.Ordinal);
        Assert.Equal(200, (await editor.GetAsync(poll)).Status);
        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        Assert.Null((await admin.GetAsync(answer.Location!)).Banner);
        Assert.Equal(404, (await admin.GetAsync(poll)).Status);
    }
}
