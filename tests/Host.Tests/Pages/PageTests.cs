using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Host.Tests.Pages;

/// <summary>The host's pages over real HTTP, as a browser without scripts uses them.</summary>
public sealed class PageTests(RunningHost host) : IClassFixture<RunningHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/records/1")]
    [InlineData("/records/1/edit?x=1")]
    [InlineData("/records/new")]
    [InlineData("/plugins")]
    [InlineData("/files/x/content")]
    public async Task Who_is_not_signed_in_is_asked_to_and_sent_on_afterwards(string path)
    {
        using var visitor = new PageVisitor(host.BaseUri);
        var answer = await visitor.GetAsync(path);
        Assert.Equal(303, answer.Status);
        Assert.Equal($"/signin?returnUrl={Uri.EscapeDataString(path)}", answer.Location);
        var form = (await visitor.GetAsync(answer.Location!)).Html.Form("/signin");
        form["name"] = "editor";
        form["password"] = RunningHost.PasswordOf("editor");
        Assert.Equal(path, (await visitor.SubmitAsync(form)).Location);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_sent_to_another_site_after_signing_in(string target)
    {
        using var visitor = new PageVisitor(host.BaseUri);
        var form = (await visitor.GetAsync($"/signin?returnUrl={Uri.EscapeDataString(target)}")).Html.Form("/signin");
        form["name"] = "editor";
        form["password"] = RunningHost.PasswordOf("editor");
        Assert.Equal("/", (await visitor.SubmitAsync(form)).Location);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_the_name_stays()
    {
        using var visitor = new PageVisitor(host.BaseUri);
        var form = (await visitor.GetAsync("/signin")).Html.Form("/signin");
        form["name"] = "viewer";
        form["password"] = "guess";
        var page = await visitor.SubmitAsync(form);
        Assert.Equal(401, page.Status);
        Assert.Contains("The name or the password is wrong", page.Banner, StringComparison.Ordinal);
        Assert.Equal(("viewer", ""), (page.Html.Form("/signin")["name"], page.Html.Form("/signin")["password"] ?? ""));
    }

    [Fact]
    public async Task Signing_out_takes_the_form_and_ends_the_session()
    {
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        Assert.Equal(400, (await editor.PostAsync("/signout", [])).Status);
        Assert.Equal(200, (await editor.GetAsync("/")).Status);
        await editor.SubmitAsync((await editor.GetAsync("/")).Html.Form("/signout"));
        Assert.Equal(303, (await editor.GetAsync("/")).Status);
    }

    [Theory]
    [InlineData("/signin", 200)]
    [InlineData("/records/999999", 404)]
    [InlineData("/nowhere", 404)]
    [InlineData("/records/new", 200)]
    public async Task Every_page_has_strict_headers_landmarks_and_no_inline_script_or_style(string path, int status)
    {
        using var visitor = path == "/signin" ? new PageVisitor(host.BaseUri) : await PageVisitor.SignInAsync(host, "editor");
        var page = await visitor.GetAsync(path);
        Assert.Equal(status, page.Status);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
        Assert.Empty(page.Html.All("style"));
        Assert.All(page.Html.All("script"), script => Assert.Equal("", script.Inner));
        Assert.DoesNotContain(" style=\"", page.Html.Source, StringComparison.Ordinal);
        Assert.Single(page.Html.All("main"));
        Assert.Single(page.Html.All("h1"));
        Assert.NotNull(page.Html.Find("a", "href", "#content"));
    }

    [Fact]
    public async Task Assets_are_kept_for_ever_under_the_address_that_names_their_content()
    {
        using var visitor = new PageVisitor(host.BaseUri);
        var page = await visitor.GetAsync("/signin");
        foreach (var href in page.Html.All("link").Select(link => link.Attribute("href")!).Concat(page.Html.All("script").Select(script => script.Attribute("src")!)))
        {
            var asset = await visitor.GetAsync(href);
            Assert.Equal(200, asset.Status);
            Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal("no-cache", (await visitor.GetAsync(href.Split('?')[0] + "?v=old")).Headers.CacheControl!.ToString());
        }

        Assert.Equal(404, (await visitor.GetAsync("/assets/nothing.css")).Status);
    }

    [Fact]
    public async Task Searching_and_paging_show_only_what_may_be_seen()
    {
        for (var i = 0; i < 25; i++)
            await host.InsertAsync(new { title = $"Paged zebra {i}" });
        await host.InsertAsync(new { title = "Zebra draft", draft = true });
        using var viewer = await PageVisitor.SignInAsync(host, "viewer");
        var first = await viewer.GetAsync("/?q=zebra");
        var next = await viewer.GetAsync(first.Html.Find("a", "rel", "next")!.Attribute("href")!);

        Assert.Equal(24, first.Html.All("li").Count(item => item.Classes.Contains("card")));
        Assert.Equal(1, next.Html.All("li").Count(item => item.Classes.Contains("card")));
        Assert.Contains("Paged zebra 24", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Zebra draft", first.Text + next.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing found", (await viewer.GetAsync("/?q=zebra+giraffe")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Html.All("input"), input => input.Attribute("name") == "ids");
    }

    [Fact]
    public async Task A_record_can_be_created_and_what_is_typed_survives_an_error()
    {
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var form = (await editor.GetAsync("/records/new?type=object")).Html.Form("new");
        form["f.keywords"] = "brass\r\nsea";
        var refused = await editor.SubmitAsync(form);
        Assert.Equal(422, refused.Status);
        form = refused.Html.Form("new");
        Assert.Equal(("brass\nsea", "object"), (form["f.keywords"], form["type"]));
        form["f.title"] = "<b>Sextant</b> & more";
        form["draft"] = "1";
        var page = await editor.FollowAsync(await editor.SubmitAsync(form));

        Assert.Contains("Record created", page.Banner, StringComparison.Ordinal);
        Assert.Contains("<b>Sextant</b> & more", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Sextant", page.Html.Source, StringComparison.Ordinal);
        Assert.Contains("Draft", page.Text, StringComparison.Ordinal);
        Assert.Contains("Record created", new Html(page.Html.InnerOf("timeline")!).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_workflow_and_deleting_are_done_from_the_record()
    {
        var id = (await host.InsertAsync(new { title = "Steps", draft = true })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var act = (await editor.GetAsync($"/records/{id}")).Html.Form($"/records/{id}/act");
        Assert.Contains("Published", (await editor.FollowAsync(await editor.SubmitAsync(act, act.Button("Publish")))).Banner, StringComparison.Ordinal);
        var page = await editor.FollowAsync(await editor.SubmitAsync(act, act.Button("Submit")));
        Assert.Contains("Workflow: submitted", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Approve", page.Text, StringComparison.Ordinal);

        var ask = await editor.GetAsync($"/records/{id}/delete");
        Assert.Contains("Delete “Steps”?", ask.Text, StringComparison.Ordinal);
        var gone = await editor.FollowAsync(await editor.SubmitAsync(ask.Html.Form($"/records/{id}/delete")));
        Assert.Contains("Record deleted", gone.Banner, StringComparison.Ordinal);
        Assert.Equal(404, (await editor.GetAsync($"/records/{id}")).Status);
    }

    [Fact]
    public async Task A_record_changed_in_the_meantime_is_not_deleted_unseen()
    {
        var id = (await host.InsertAsync(new { title = "Moving" })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var ask = (await editor.GetAsync($"/records/{id}/delete")).Html.Form($"/records/{id}/delete");
        using var response = await host.Admin.PatchAsJsonAsync($"/api/records/{id}", new { title = "Moved" });
        await Answer.JsonAsync(response, 200);
        var page = await editor.SubmitAsync(ask);
        Assert.Equal(409, page.Status);
        Assert.Contains("admin changed the record in the meantime", page.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await editor.GetAsync($"/records/{id}")).Status);
    }

    [Fact]
    public async Task Labels_and_help_speak_the_readers_language()
    {
        var id = (await host.InsertAsync(new { title = "Titre", fields = new { licence = new[] { "cc0" } } })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/records/{id}/edit");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("fr-CA"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        var page = await editor.SendAsync(request);
        Assert.Equal("Mots-clés", page.Html.Find("label", "for", "f-keywords")!.Text);
    }

    [Fact]
    public async Task Several_records_are_edited_one_field_at_a_time_and_the_outcome_of_each_is_told()
    {
        var one = (await host.InsertAsync(new { title = "Batch one" })).GetProperty("id").GetInt64();
        var two = (await host.InsertAsync(new { title = "Batch two", type = "image" })).GetProperty("id").GetInt64();
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        var form = (await editor.GetAsync($"/records/edit?ids={one}&ids={two}&field=location")).Html.Form("/records/edit");
        Assert.Equal($"{one},{two}", form["ids"]);
        using var response = await host.Admin.PatchAsJsonAsync($"/api/records/{two}", new { title = "Batch two moved" });
        await Answer.JsonAsync(response, 200);
        form["f.location"] = "Bern";
        var page = await editor.SubmitAsync(form);

        Assert.Contains("1 of 2 records saved", page.Banner, StringComparison.Ordinal);
        Assert.Contains("Changed meanwhile", page.Text, StringComparison.Ordinal);
        Assert.Contains("Bern", (await editor.GetAsync($"/records/{one}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bern", (await editor.GetAsync($"/records/{two}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plugin_manager_is_for_system_administrators()
    {
        using var editor = await PageVisitor.SignInAsync(host, "editor");
        Assert.Equal(403, (await editor.GetAsync("/plugins")).Status);
        using var sysadmin = await PageVisitor.SignInAsync(host, "sysadmin");
        Assert.Contains("No plugins", (await sysadmin.GetAsync("/plugins")).Text, StringComparison.Ordinal);
    }
}
