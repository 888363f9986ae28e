using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;
using Host.Tests.Pages;
using SampleHost.Accounts;

namespace Host.Tests.EditPage;

/// <summary>The defaults for the next upload: buttons stand there too, under the user's id below zero, and no list ever shows it.</summary>
public sealed class UploadTemplateTests(HostWithOtherSystem setting) : IClassFixture<HostWithOtherSystem>
{
    private readonly RunningHost _host = setting.Host;

    [Fact]
    public async Task A_press_saves_the_defaults_sends_the_negative_id_and_shows_what_the_other_system_wrote_into_them()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var id = await IdOfAsync("editor");
        var form = await FormAsync(editor, id);
        form["f.keywords"] = "one\r\ntwo";
        form["f.location"] = "Typed place";
        form["private"] = "1";
        var changes = await LastChangeAsync();
        var answer = await editor.SubmitAsync(form, form.Button("Write"));
        var page = await editor.FollowAsync(answer);

        Assert.Contains($"/write?id={id} {id}", setting.Calls);
        Assert.StartsWith($"/records/{id}/edit?press=", answer.Location, StringComparison.Ordinal);
        Assert.Contains("The API said 200.", page.Banner, StringComparison.Ordinal);
        var fresh = page.Html.Form("edit");
        Assert.Equal(("one\ntwo", "Written by the other system"), (fresh["f.keywords"], fresh["f.location"]));
        Assert.True(long.Parse(fresh["version"]!, null) > long.Parse(form["version"]!, null));
        Assert.Equal(changes, await LastChangeAsync());
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_press()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = await FormAsync(editor, await IdOfAsync("editor"));
        form["f.creator"] = "Sent twice";
        var before = setting.Calls.Count;
        var answers = await Task.WhenAll(editor.SubmitAsync(form, form.Button("Fail")), editor.SubmitAsync(form, form.Button("Fail")));

        Assert.Equal(answers[0].Location, answers[1].Location);
        Assert.Equal(before + 1, setting.Calls.Count);
    }

    [Fact]
    public async Task A_value_that_is_refused_is_drawn_again_and_nobody_is_called()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = await FormAsync(editor, await IdOfAsync("editor"));
        form["f.date"] = "last summer";
        var before = setting.Calls.Count;
        var page = await editor.SubmitAsync(form, form.Button("Write"));

        Assert.Equal(422, page.Status);
        Assert.Contains("one field needs attention", page.Banner, StringComparison.Ordinal);
        Assert.Equal("last summer", page.Html.Form("edit")["f.date"]);
        Assert.Equal(before, setting.Calls.Count);
    }

    [Fact]
    public async Task It_has_no_duties_may_change_its_type_and_a_stale_form_of_it_is_laid_beside_what_is_stored()
    {
        await _host.AddUserAsync("typist", [Roles.Editor]);
        using var typist = await PageVisitor.SignInAsync(_host, "typist");
        var id = await IdOfAsync("typist");
        var stale = await FormAsync(typist, id);
        var page = await typist.GetAsync($"/records/{id}/edit?type=image");
        Assert.DoesNotContain("(required)", page.Text, StringComparison.Ordinal);
        var form = page.Html.Form("edit");
        form["f.credit"] = "A credit line";
        Assert.Equal("/upload?done=defaults", (await typist.SubmitAsync(form)).Location);
        var upload = await typist.GetAsync("/upload?done=defaults");
        Assert.Contains("Image", upload.Text, StringComparison.Ordinal);
        Assert.Contains("A credit line", upload.Text, StringComparison.Ordinal);

        stale["f.keywords"] = "typed in a stale window";
        var conflict = await typist.SubmitAsync(stale, stale.Button("Write"));
        Assert.Equal(409, conflict.Status);
        var choice = conflict.Html.Form("conflict");
        Assert.StartsWith($"/records/{id}/edit?done=resolved", (await typist.SubmitAsync(choice, choice.Button("Keep all of mine"))).Location, StringComparison.Ordinal);
        Assert.Equal("typed in a stale window", (await FormAsync(typist, id))["f.keywords"]);
    }

    [Fact]
    public async Task Its_own_user_alone_reads_and_changes_it_by_the_api()
    {
        var id = await IdOfAsync("editor");
        using var read = await _host.Editor.GetAsync($"/api/records/{id}");
        var version = (await Answer.JsonAsync(read, 200)).GetProperty("version").GetInt64();
        using var patch = new HttpRequestMessage(HttpMethod.Patch, $"/api/records/{id}") { Content = JsonContent.Create(new { fields = new { rights = new[] { "Ours" } } }) };
        patch.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var patched = await _host.Editor.SendAsync(patch);
        Assert.Equal("Ours", (await Answer.JsonAsync(patched, 200)).GetProperty("fields").GetProperty("rights")[0].GetString());
        using var again = new HttpRequestMessage(HttpMethod.Patch, $"/api/records/{id}") { Content = JsonContent.Create(new { fields = new { rights = new[] { "Late" } } }) };
        again.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        using var stale = await _host.Editor.SendAsync(again);
        await Answer.ProblemAsync(stale, 412);
        using var bad = await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { fields = new { date = new[] { "yesterday" } } });
        await Answer.ProblemAsync(bad, 422);
        using var published = await _host.Editor.PatchAsJsonAsync($"/api/records/{id}", new { draft = true });
        await Answer.ProblemAsync(published, 409);

        foreach (var other in new[] { _host.SysAdmin, _host.Admin, _host.Viewer })
        {
            using var get = await other.GetAsync($"/api/records/{id}");
            await Answer.ProblemAsync(get, 404);
            using var set = await other.PatchAsJsonAsync($"/api/records/{id}", new { fields = new { rights = new[] { "Taken over" } } });
            await Answer.ProblemAsync(set, 404);
        }

        using var own = await _host.Viewer.GetAsync($"/api/records/{await IdOfAsync("viewer")}");
        await Answer.ProblemAsync(own, 404);
    }

    [Fact]
    public async Task It_stands_in_no_list_and_none_of_what_records_can_be_done_to_is_done_to_it()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var id = await IdOfAsync("editor");
        var form = await FormAsync(editor, id);
        form["f.title"] = "Found nowhere";
        var changes = await LastChangeAsync();
        Assert.Equal(303, (await editor.SubmitAsync(form)).Status);

        Assert.Equal(changes, await LastChangeAsync());
        Assert.DoesNotContain("Found nowhere", (await editor.GetAsync("/")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Found nowhere", (await editor.GetAsync("/?q=nowhere")).Html.InnerOf("grid") ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("Found nowhere", await _host.Editor.GetStringAsync("/api/records?limit=1000"), StringComparison.Ordinal);
        foreach (var path in new[] { $"/records/{id}", $"/records/{id}/files", $"/records/{id}/delete" })
            Assert.Equal(404, (await editor.GetAsync(path)).Status);
        Assert.DoesNotContain("Found nowhere", (await editor.GetAsync($"/records/edit?ids={id}")).Text, StringComparison.Ordinal);
        using var delete = await _host.Editor.DeleteAsync($"/api/records/{id}");
        await Answer.ProblemAsync(delete, 404);
        using var publish = await _host.Editor.PostAsync($"/api/records/{id}/publish", null);
        await Answer.ProblemAsync(publish, 404);
        using var insert = await _host.Editor.PostAsJsonAsync("/api/records", new { title = "Child", parentId = id });
        await Answer.ProblemAsync(insert, 422);
        form = await FormAsync(editor, id);
        form["f.title"] = "";
        await editor.SubmitAsync(form);
    }

    [Fact]
    public async Task Others_do_not_come_by_its_page()
    {
        var id = await IdOfAsync("editor");
        using var admin = await PageVisitor.SignInAsync(_host, "sysadmin");
        Assert.Equal(404, (await admin.GetAsync($"/records/{id}/edit")).Status);
        using var viewer = await PageVisitor.SignInAsync(_host, "viewer");
        Assert.Equal(404, (await viewer.GetAsync($"/records/{await IdOfAsync("viewer")}/edit")).Status);
        Assert.Equal(403, (await viewer.GetAsync("/upload")).Status);
        using var nobody = new PageVisitor(_host.BaseUri);
        Assert.Equal(303, (await nobody.GetAsync($"/records/{id}/edit")).Status);
    }

    [Fact]
    public async Task After_the_session_ended_signing_in_brings_what_was_typed_back_with_its_type()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var id = await IdOfAsync("editor");
        var form = (await editor.GetAsync($"/records/{id}/edit?type=image")).Html.Form("edit");
        form["f.credit"] = "Typed credit";
        foreach (System.Net.Cookie cookie in editor.Cookies.GetCookies(_host.BaseUri))
            cookie.Expired = cookie.Name == "dam";
        var signIn = (await editor.SubmitAsync(form)).Html.Form("/signin");
        signIn["name"] = "editor";
        signIn["password"] = RunningHost.PasswordOf("editor");
        var back = await editor.SubmitAsync(signIn);

        Assert.Contains("not saved yet", back.Banner, StringComparison.Ordinal);
        var again = back.Html.Form("edit");
        Assert.Equal(($"/records/{id}/edit", "Typed credit", "image"), (again.Action, again["f.credit"], again["type"]));
    }

    [Fact]
    public async Task It_goes_with_its_user()
    {
        await _host.AddUserAsync("leaver", [Roles.Editor]);
        using var leaver = await PageVisitor.SignInAsync(_host, "leaver");
        var id = await IdOfAsync("leaver");
        var form = await FormAsync(leaver, id);
        form["f.keywords"] = "left behind";
        Assert.Equal(303, (await leaver.SubmitAsync(form)).Status);
        using var delete = await _host.SysAdmin.DeleteAsync("/api/users/leaver");
        Assert.True(delete.IsSuccessStatusCode);

        Assert.Equal(0, _host.Get<SampleHost.Storage.Database>().Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SELECT count(*) FROM upload_templates WHERE user_id = {-id}");
            return (long)command.ExecuteScalar()!;
        }));
    }

    [Fact]
    public async Task The_administrators_page_names_its_presses_and_leads_to_no_record()
    {
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = await FormAsync(editor, await IdOfAsync("editor"));
        await editor.SubmitAsync(form, form.Button("Fail"));
        var page = await _host.Admin.GetStringAsync("/plugins/ApiWebhooks/buttons/presses");

        Assert.Contains("Upload template", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/records/-", page, StringComparison.Ordinal);
    }

    private static async Task<HtmlForm> FormAsync(PageVisitor visitor, long id)
    {
        var page = await visitor.GetAsync($"/records/{id}/edit");
        Assert.Equal(200, page.Status);
        return page.Html.Form("edit");
    }

    private async Task<long> IdOfAsync(string name) =>
        -(await _host.Get<SampleHost.Accounts.UserDirectory>().FindAsync(name, CancellationToken.None))!.Id!.Value;

    private async Task<long> LastChangeAsync()
    {
        using var document = JsonDocument.Parse(await _host.SysAdmin.GetStringAsync("/api/changes?after=0&limit=1000"));
        return document.RootElement.GetProperty("last").GetInt64();
    }
}
