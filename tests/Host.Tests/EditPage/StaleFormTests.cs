using System.Net.Http.Json;
using Host.Tests.Pages;

namespace Host.Tests.EditPage;

/// <summary>Forms that come too late, over real HTTP: both versions are shown, and nothing is lost.</summary>
public sealed class StaleFormTests(HostWithButtons buttons) : IClassFixture<HostWithButtons>
{
    private readonly RunningHost _host = buttons.Host;

    [Fact]
    public async Task Both_versions_stand_side_by_side_with_a_proposal_for_each_field()
    {
        var (editor, id, page) = await CollideAsync();
        using var _ = editor;

        Assert.Equal(409, page.Status);
        Assert.Contains("nothing you typed is lost", page.Banner, StringComparison.Ordinal);
        var form = page.Html.Form("conflict");
        Assert.Equal("2", form["version"]);
        Assert.Equal("mine", form["choice.title"]);
        Assert.Equal("mine", form["choice.location"]);
        Assert.Equal("theirs", form["choice.description"]);
        Assert.Null(form["choice.keywords"]);
        foreach (var text in new[] { "My title", "Their title", "My place", "Their description", "changed by both", "changed by you", "changed by the other save", "admin saved version 2" })
            Assert.Contains(text, page.Text, StringComparison.Ordinal);
        Assert.Equal("Their title", await ValueAsync(id, "title"));
    }

    [Fact]
    public async Task The_choice_per_field_is_saved_upon_the_new_version()
    {
        var (editor, id, page) = await CollideAsync();
        using var _ = editor;
        var form = page.Html.Form("conflict");
        form["choice.title"] = "theirs";
        var saved = await editor.FollowAsync(await editor.SubmitAsync(form, form.Button("Save the chosen values")));

        Assert.Contains("Your choice", saved.Banner, StringComparison.Ordinal);
        Assert.Equal(("Their title", "My place", "Their description"), (await ValueAsync(id, "title"), await ValueAsync(id, "location"), await ValueAsync(id, "description")));
    }

    [Fact]
    public async Task All_of_mine_can_be_kept()
    {
        var (editor, id, page) = await CollideAsync();
        using var _ = editor;
        var form = page.Html.Form("conflict");
        await editor.SubmitAsync(form, form.Button("Keep all of mine"));

        Assert.Equal(("My title", "My place", ""), (await ValueAsync(id, "title"), await ValueAsync(id, "location"), await ValueAsync(id, "description")));
    }

    [Fact]
    public async Task The_stored_version_can_be_kept()
    {
        var (editor, id, page) = await CollideAsync();
        using var _ = editor;
        var form = page.Html.Form("conflict");
        var kept = await editor.FollowAsync(await editor.SubmitAsync(form, form.Button("Keep the stored version")));

        Assert.Equal("Their title", kept.Html.Form("edit")["f.title"]);
        Assert.Equal(("Their title", ""), (await ValueAsync(id, "title"), await ValueAsync(id, "location")));
    }

    [Fact]
    public async Task A_choice_that_is_itself_too_late_is_asked_again()
    {
        var (editor, id, page) = await CollideAsync();
        using var _ = editor;
        await ChangeAsync(id, new { title = "Changed once more" });
        var form = page.Html.Form("conflict");
        var again = await editor.SubmitAsync(form, form.Button("Save the chosen values"));

        Assert.Equal(409, again.Status);
        Assert.Contains("Changed once more", again.Text, StringComparison.Ordinal);
        Assert.Equal("My title", again.Html.Form("conflict")["f.title"]);
        Assert.Equal("3", again.Html.Form("conflict")["version"]);
    }

    [Fact]
    public async Task A_press_of_a_stale_form_is_not_carried_out()
    {
        var id = (await _host.InsertAsync(new { title = "Old" })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        await ChangeAsync(id, new { title = "Theirs" });
        form["f.title"] = "Mine";
        var page = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(409, page.Status);
        Assert.Contains("was not carried out", page.Banner, StringComparison.Ordinal);
        Assert.Empty(await buttons.PressesOfAsync(id));
    }

    [Fact]
    public async Task A_save_sent_twice_is_no_conflict()
    {
        var id = (await _host.InsertAsync(new { title = "Old" })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "New";
        var answers = new[] { await editor.SubmitAsync(form), await editor.SubmitAsync(form) };

        Assert.All(answers, answer => Assert.Equal($"/records/{id}?done=saved", answer.Location));
        Assert.Equal("2", (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit")["version"]);
    }

    [Fact]
    public async Task A_form_that_does_not_say_its_version_overwrites_nothing()
    {
        var id = (await _host.InsertAsync(new { title = "Stored" })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["version"] = null;
        form["f.title"] = "Blind";

        Assert.Equal(409, (await editor.SubmitAsync(form)).Status);
        Assert.Equal("Stored", await ValueAsync(id, "title"));
    }

    /// <summary>The editor changes title and place while the admin changes title and description; then the editor saves.</summary>
    private async Task<(PageVisitor Editor, long Id, PageAnswer Page)> CollideAsync()
    {
        var id = (await _host.InsertAsync(new { title = "Old title", fields = new { keywords = new[] { "same" } } })).GetProperty("id").GetInt64();
        var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        await ChangeAsync(id, new { title = "Their title", fields = new { description = new[] { "Their description" } } });
        form["f.title"] = "My title";
        form["f.location"] = "My place";
        return (editor, id, await editor.SubmitAsync(form));
    }

    private async Task ChangeAsync(long id, object change)
    {
        using var response = await _host.Admin.PatchAsJsonAsync($"/api/records/{id}", change);
        await Answer.JsonAsync(response, 200);
    }

    private async Task<string> ValueAsync(long id, string field)
    {
        using var response = await _host.Editor.GetAsync($"/api/records/{id}");
        var fields = (await Answer.JsonAsync(response, 200)).GetProperty("fields");
        return fields.TryGetProperty(field, out var values) && values.GetArrayLength() > 0 ? values[0].GetString()! : "";
    }
}
