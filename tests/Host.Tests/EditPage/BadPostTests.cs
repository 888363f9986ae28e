using Host.Tests.Pages;

namespace Host.Tests.EditPage;

/// <summary>Edit forms that must not be obeyed: each gets a clear page, nothing is saved or called, and what was typed is not lost.</summary>
public sealed class BadPostTests(HostWithButtons buttons) : IClassFixture<HostWithButtons>
{
    private readonly RunningHost _host = buttons.Host;

    [Theory]
    [InlineData(null)]
    [InlineData("CfDJ8-made-up")]
    public async Task Without_a_good_token_the_form_comes_back_with_a_fresh_one_and_the_typed_values(string? token)
    {
        var id = await InsertAsync("Stored");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["__RequestVerificationToken"] = token;
        form["f.title"] = "Typed";
        var page = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(400, page.Status);
        Assert.Contains("Please save once more", page.Banner, StringComparison.Ordinal);
        Assert.Empty(await buttons.PressesOfAsync(id));
        var again = page.Html.Form("edit");
        Assert.Equal("Typed", again["f.title"]);
        Assert.Equal("dirty", page.Html.Find("form", "id", "edit")!.Attribute("data-guard"));
        Assert.Equal(303, (await editor.SubmitAsync(again)).Status);
    }

    [Fact]
    public async Task A_token_made_for_somebody_else_is_not_good()
    {
        var id = await InsertAsync("Stored");
        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var foreign = (await admin.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        foreign["f.title"] = "Foreign";

        Assert.Equal(400, (await editor.SubmitAsync(foreign)).Status);
    }

    [Fact]
    public async Task After_the_session_ended_signing_in_brings_the_form_back_as_it_was_left()
    {
        var id = await InsertAsync("Stored");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Typed";
        form["f.description"] = "Two\r\nlines";
        await SignOutElsewhereAsync(editor);
        var ask = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(401, ask.Status);
        Assert.Contains("nothing you typed is lost", ask.Banner, StringComparison.Ordinal);
        var signIn = ask.Html.Form("/signin");
        signIn["name"] = "editor";
        signIn["password"] = "wrong";
        var wrong = await editor.SubmitAsync(signIn);
        Assert.Equal(401, wrong.Status);
        signIn = wrong.Html.Form("/signin");
        signIn["password"] = RunningHost.PasswordOf("editor");
        var back = await editor.SubmitAsync(signIn);

        Assert.Contains("not saved yet", back.Banner, StringComparison.Ordinal);
        var again = back.Html.Form("edit");
        Assert.Equal(("Typed", "Two\nlines", "1"), (again["f.title"], again["f.description"], again["version"]));
        Assert.Empty(await buttons.PressesOfAsync(id));
        Assert.Equal($"/records/{id}?done=saved", (await editor.SubmitAsync(again)).Location);
    }

    [Fact]
    public async Task A_deleted_record_gives_the_typed_values_back_to_copy()
    {
        var id = await InsertAsync("Doomed");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Typed in vain";
        using var response = await _host.Editor.DeleteAsync($"/api/records/{id}");
        response.EnsureSuccessStatusCode();
        var page = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(404, page.Status);
        Assert.Contains("deleted while you were editing", page.Text, StringComparison.Ordinal);
        Assert.Contains("Typed in vain", page.Text, StringComparison.Ordinal);
        Assert.Empty(await buttons.PressesOfAsync(id));
    }

    [Fact]
    public async Task A_user_without_the_right_neither_sees_the_form_nor_saves_nor_presses()
    {
        var id = await InsertAsync("Protected");
        using var viewer = await PageVisitor.SignInAsync(_host, "viewer");
        Assert.Equal(403, (await viewer.GetAsync($"/records/{id}/edit")).Status);

        // The viewer's own token, on a form made up by hand.
        var token = (await viewer.GetAsync("/")).Html.Form("/signout")["__RequestVerificationToken"]!;
        var page = await viewer.PostAsync($"/records/{id}/edit",
            [new("__RequestVerificationToken", token), new("version", "1"), new("f.title", "Taken over"), new("press", $"{HostWithButtons.PluginId}:succeed")]);

        Assert.Equal(403, page.Status);
        Assert.Contains("You may not edit this record", page.Text, StringComparison.Ordinal);
        Assert.Contains("Taken over", page.Text, StringComparison.Ordinal);
        Assert.Empty(await buttons.PressesOfAsync(id));
        using var response = await _host.Viewer.GetAsync($"/api/records/{id}");
        Assert.Equal("Protected", (await Answer.JsonAsync(response, 200)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task What_is_no_form_is_refused_in_words()
    {
        var id = await InsertAsync("Stored");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/records/{id}/edit") { Content = new StringContent("{}") };
        var page = await editor.SendAsync(request);

        Assert.Equal(400, page.Status);
        Assert.Contains("could not be read", page.Text, StringComparison.Ordinal);
    }

    /// <summary>A NUL made the reader of forms give up the whole form, and all that was typed was lost.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("Succeed")]
    public async Task A_nul_in_a_field_is_that_fields_error_and_the_form_comes_back_as_it_was_typed(string? button)
    {
        var id = await InsertAsync("Stored");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.description"] = "A lot of typed text\0, pasted from somewhere";
        form["f.location"] = "Typed place";
        var page = await editor.SubmitAsync(form, button is null ? null : form.Button(button));

        Assert.Equal(422, page.Status);
        Assert.Contains("one field needs attention", page.Banner, StringComparison.Ordinal);
        Assert.Contains("control characters", page.Html.Find("span", "id", "f-description-error")?.Text ?? page.Text, StringComparison.Ordinal);
        var again = page.Html.Form("edit");
        Assert.Contains("A lot of typed text", again["f.description"], StringComparison.Ordinal);
        Assert.Contains(", pasted from somewhere", again["f.description"], StringComparison.Ordinal);
        Assert.Equal("Typed place", again["f.location"]);
        Assert.Empty(await buttons.PressesOfAsync(id));
        again["f.description"] = "Mended";
        Assert.Equal($"/records/{id}?done=saved", (await editor.SubmitAsync(again)).Location);
    }

    [Fact]
    public async Task A_nul_in_a_new_record_loses_nothing_either()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync("/records/new")).Html.Form("new");
        form["f.title"] = "Typed\0title";
        var page = await editor.SubmitAsync(form);

        Assert.Equal(422, page.Status);
        Assert.StartsWith("Typed", page.Html.Form("new")["f.title"], StringComparison.Ordinal);
    }

    private async Task SignOutElsewhereAsync(PageVisitor editor)
    {
        foreach (System.Net.Cookie cookie in editor.Cookies.GetCookies(_host.BaseUri))
            cookie.Expired = cookie.Name == "dam";
        Assert.Equal(303, (await editor.GetAsync("/")).Status);
    }

    private async Task<long> InsertAsync(string title) => (await _host.InsertAsync(new { title })).GetProperty("id").GetInt64();
}
