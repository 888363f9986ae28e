using System.Globalization;
using System.Net.Http.Json;
using Host.Tests.Pages;

namespace Host.Tests.EditPage;

/// <summary>Presses of contributors' buttons, over real HTTP and with a real plugin.</summary>
public sealed class PressTests(HostWithButtons buttons) : IClassFixture<HostWithButtons>
{
    private readonly RunningHost _host = buttons.Host;

    [Fact]
    public async Task The_buttons_stand_beside_Save_the_first_configured_first_in_the_row_that_runs_from_the_right()
    {
        var id = await InsertAsync("Placed");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var page = await editor.GetAsync($"/records/{id}/edit");

        Assert.Equal(200, page.Status);
        var row = new Html(page.Html.InnerOf("presses")!);
        Assert.Equal(["↺ Succeed", "↺ Fail", "↺ Run on", "↺ Refuse", "↺ Throw"], row.All("button").Select(button => button.Text));
        Assert.All(row.All("button"), button => Assert.Equal("edit", button.Attribute("form")));
        Assert.Equal("Save", new Html(page.Html.InnerOf("bar-left")!).All("button").Single().Text);
    }

    [Fact]
    public async Task A_press_saves_the_whole_form_first_and_then_shows_the_outcome_with_fresh_data()
    {
        var id = await InsertAsync("Before");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "After";
        form["f.keywords"] = "one\r\ntwo";
        var answer = await editor.SubmitAsync(form, form.Button("Succeed"));
        var page = await editor.FollowAsync(answer);

        Assert.StartsWith($"/records/{id}/edit?press=", answer.Location, StringComparison.Ordinal);
        var press = Assert.Single(await buttons.PressesOfAsync(id));
        Assert.Equal(("succeed", 2L, "editor"), (press.ButtonKey, press.Version, press.User));
        Assert.Equal("Succeed: done It worked. The other system says: <b>done</b>", page.Banner);
        Assert.DoesNotContain("<b>done</b>", page.Html.Source, StringComparison.Ordinal);
        var fresh = page.Html.Form("edit");
        Assert.Equal(("After", "one\ntwo", "2"), (fresh["f.title"], fresh["f.keywords"], fresh["version"]));
        Assert.NotEqual(form["pressKey"], fresh["pressKey"]);
    }

    [Theory]
    [InlineData("Fail", "Fail: failed It did not work. The other system says: no")]
    [InlineData("Run on", "Run on: still running It takes longer.")]
    public async Task Other_outcomes_are_told_in_words_and_the_input_is_saved(string label, string expected)
    {
        var id = await InsertAsync("Outcome");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Typed";
        var page = await editor.FollowAsync(await editor.SubmitAsync(form, form.Button(label)));

        Assert.StartsWith(expected, page.Banner, StringComparison.Ordinal);
        Assert.Equal("Typed", page.Html.Form("edit")["f.title"]);
    }

    [Fact]
    public async Task A_plugin_that_throws_is_an_inline_message_on_an_intact_form()
    {
        var id = await InsertAsync("Throwing");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Typed";
        var page = await editor.SubmitAsync(form, form.Button("Throw"));

        Assert.Equal(200, page.Status);
        Assert.StartsWith("Throw: failed Something went wrong in the plugin", page.Banner, StringComparison.Ordinal);
        Assert.DoesNotContain("InvalidOperationException", page.Html.Source, StringComparison.Ordinal);
        Assert.Equal("Typed", page.Html.Form("edit")["f.title"]);
    }

    [Fact]
    public async Task A_running_press_can_be_asked_for_as_json_and_as_a_page_that_refreshes_itself()
    {
        var id = await InsertAsync("Long");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        var page = await editor.FollowAsync(await editor.SubmitAsync(form, form.Button("Run on")));
        var poll = page.Html.All("div").Select(element => element.Attribute("data-poll")).First(href => href is not null)!;

        using var request = new HttpRequestMessage(HttpMethod.Get, poll) { Headers = { { "Accept", "application/json" } } };
        var json = await editor.SendAsync(request);
        Assert.Equal("""{"state":"running","message":"It takes longer."}""", json.Html.Source);
        var frame = await editor.GetAsync(poll);
        Assert.Contains("http-equiv=\"refresh\"", frame.Html.Source, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", string.Join(' ', frame.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains($"<iframe src=\"{poll}\"", page.Html.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_one_press_answered_from_the_first()
    {
        var id = await InsertAsync("Twice");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Once";
        var button = form.Button("Succeed");
        var answers = await Task.WhenAll(editor.SubmitAsync(form, button), editor.SubmitAsync(form, button));

        Assert.Single(await buttons.PressesOfAsync(id));
        Assert.All(answers, answer => Assert.Equal(303, answer.Status));
        Assert.Equal(answers[0].Location, answers[1].Location);
        Assert.Equal("2", (await editor.FollowAsync(answers[0])).Html.Form("edit")["version"]);
    }

    [Fact]
    public async Task A_form_taken_back_from_the_history_and_changed_is_not_answered_from_the_first_press()
    {
        var id = await InsertAsync("History");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "First";
        await editor.SubmitAsync(form, form.Button("Succeed"));
        form["f.title"] = "Second";
        var page = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(409, page.Status);
        Assert.Single(await buttons.PressesOfAsync(id));
        Assert.Contains("Second", page.Text, StringComparison.Ordinal);
        Assert.Contains("First", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_that_is_not_valid_is_drawn_again_and_nothing_is_called()
    {
        var id = await InsertAsync("Valid");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "";
        form["f.date"] = "last summer";
        form["f.location"] = "Typed place";
        var page = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(422, page.Status);
        Assert.Empty(await buttons.PressesOfAsync(id));
        Assert.Contains("2 fields need attention", page.Banner, StringComparison.Ordinal);
        Assert.Equal(["#f-title", "#f-date"], new Html(page.Html.InnerOf("banner")!).All("a").Select(link => link.Attribute("href")));
        var box = page.Html.Find("input", "id", "f-date")!;
        Assert.Equal(("true", "f-date-error f-date-help", "last summer"), (box.Attribute("aria-invalid"), box.Attribute("aria-describedby"), box.Attribute("value")));
        Assert.Equal(("Typed place", "1"), (page.Html.Form("edit")["f.location"], page.Html.Form("edit")["version"]));
    }

    [Theory]
    [InlineData("refuse me", "The fixture refuses this value: enter another.")]
    [InlineData("cancel me", "The fixture cancels this save.")]
    public async Task A_save_that_a_plugin_objects_to_calls_nothing(string value, string message)
    {
        var id = await InsertAsync("Objected");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.location"] = value;
        var page = await editor.SubmitAsync(form, form.Button("Succeed"));

        Assert.Equal(422, page.Status);
        Assert.Contains(message, page.Banner, StringComparison.Ordinal);
        Assert.Equal(value, page.Html.Form("edit")["f.location"]);
        Assert.Empty(await buttons.PressesOfAsync(id));
    }

    [Fact]
    public async Task A_button_that_is_not_there_saves_nothing_and_keeps_what_was_typed()
    {
        var id = await InsertAsync("Unknown button");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Typed";
        var page = await editor.PostAsync(form.Action, [.. form.Values, new("press", $"{HostWithButtons.PluginId}:gone")]);

        Assert.Equal(409, page.Status);
        Assert.Contains("not there any more", page.Banner, StringComparison.Ordinal);
        Assert.Equal("Typed", page.Html.Form("edit")["f.title"]);
        Assert.Equal("Unknown button", await TitleAsync(id));
    }

    [Fact]
    public async Task A_button_with_a_question_asks_it_before_anything_is_saved()
    {
        var id = await InsertAsync("Question");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        form["f.title"] = "Typed";
        var question = await editor.SubmitAsync(form, form.Button("Refuse"));
        Assert.Contains("Really?", question.Text, StringComparison.Ordinal);
        Assert.Equal("Question", await TitleAsync(id));

        var asked = question.Html.Form($"/records/{id}/edit");
        var back = await editor.SubmitAsync(asked, asked.Button("No"));
        Assert.Equal("Typed", back.Html.Form("edit")["f.title"]);
        Assert.Equal("Question", await TitleAsync(id));

        var page = await editor.SubmitAsync(asked, asked.Button("Yes"));
        Assert.Equal("Refuse: not carried out Not allowed. Your input is saved.", page.Banner);
        Assert.Equal("Typed", await TitleAsync(id));
        Assert.Equal("refuse", Assert.Single(await buttons.PressesOfAsync(id)).ButtonKey);
    }

    [Fact]
    public async Task A_yes_given_on_the_page_itself_needs_no_second_step()
    {
        var id = await InsertAsync("Answered");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var form = (await editor.GetAsync($"/records/{id}/edit")).Html.Form("edit");
        var button = form.Button("Refuse");
        Assert.Equal("Really?", button.Attribute("data-confirm"));
        form["confirmed"] = button.Attribute("value");
        var page = await editor.SubmitAsync(form, button);

        Assert.StartsWith("Refuse: not carried out", page.Banner, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_are_not_shown_where_several_records_are_edited_nor_to_those_who_may_not_edit()
    {
        var id = await InsertAsync("Hidden");
        using var editor = await PageVisitor.SignInAsync(_host, "editor");
        var batch = await editor.GetAsync($"/records/edit?ids={id}&field=keywords");
        Assert.Equal(200, batch.Status);
        Assert.DoesNotContain("↺", batch.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("↺", (await editor.GetAsync($"/records/{id}")).Text, StringComparison.Ordinal);
    }

    private async Task<long> InsertAsync(string title) => (await _host.InsertAsync(new { title })).GetProperty("id").GetInt64();

    private async Task<string?> TitleAsync(long id)
    {
        using var response = await _host.Editor.GetAsync($"/api/records/{id.ToString(CultureInfo.InvariantCulture)}");
        return (await Answer.JsonAsync(response, 200)).GetProperty("title").GetString();
    }
}
