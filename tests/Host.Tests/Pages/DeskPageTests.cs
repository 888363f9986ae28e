using System.Net.Http.Json;
using Dam.Hosting;
using SampleHost.Accounts;

namespace Host.Tests.Pages;

/// <summary>Users, requests for access, orders and notices, by pages and without scripts.</summary>
public sealed class DeskPageTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Get<Collections>().CreateAsync("maps", "Maps & charts", CancellationToken.None);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_sysadmin_adds_and_deletes_users()
    {
        using var sysadmin = await PageVisitor.SignInAsync(_host, "sysadmin");
        var form = (await sysadmin.GetAsync("/users")).Html.Form("/users");
        form["name"] = "vera";
        form["password"] = "vera-password";
        form["displayName"] = "Vera <Voss>";
        form["email"] = "not an address";
        var refused = await sysadmin.SubmitAsync(form);
        Assert.Equal(422, refused.Status);
        Assert.Contains("e-mail address", refused.Banner, StringComparison.Ordinal);
        Assert.DoesNotContain("vera-password", refused.Html.Source, StringComparison.Ordinal);

        var again = refused.Html.Form("/users");
        Assert.Equal("vera", again["name"]);
        again["password"] = "vera-password";
        again["email"] = "vera@example.org";
        var added = await sysadmin.FollowAsync(await sysadmin.SubmitAsync(again));
        Assert.Contains("User added", added.Banner, StringComparison.Ordinal);
        Assert.Contains("Vera <Voss> vera@example.org viewer", added.Text, StringComparison.Ordinal);

        using var vera = await PageVisitor.SignInAsync(_host, "vera");
        Assert.Equal(200, (await vera.GetAsync("/")).Status);
        var confirm = (await sysadmin.GetAsync("/users/vera/delete")).Html.Form("/users/vera/delete");
        var deleted = await sysadmin.FollowAsync(await sysadmin.SubmitAsync(confirm));
        Assert.Contains("User deleted", deleted.Banner, StringComparison.Ordinal);
        Assert.DoesNotContain("vera@example.org", deleted.Text, StringComparison.Ordinal);
        Assert.StartsWith("/signin", (await vera.GetAsync("/")).Location, StringComparison.Ordinal);

        var changes = await ChangesAsync();
        Assert.Equal([(ChangeKind.UserCreated, ChangeOrigin.Page), (ChangeKind.UserDeleted, ChangeOrigin.Page)], changes.Select(change => (change.Kind, change.Via)));
        var last = (await sysadmin.GetAsync("/users/sysadmin/delete")).Html.Form("/users/sysadmin/delete");
        Assert.Contains("last user with the role sysadmin", (await sysadmin.SubmitAsync(last)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_are_for_sysadmins_and_no_form_counts_without_its_token()
    {
        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        var token = (await admin.GetAsync("/")).Html.Form("/signout").Values;
        Assert.Equal(403, (await admin.GetAsync("/users")).Status);
        Assert.Equal(403, (await admin.PostAsync("/users", [.. token, new("name", "vera"), new("password", "long enough")])).Status);
        Assert.Equal(403, (await admin.PostAsync("/users/viewer/delete", token)).Status);

        using var sysadmin = await PageVisitor.SignInAsync(_host, "sysadmin");
        Assert.Equal(400, (await sysadmin.PostAsync("/users", [new("name", "vera"), new("password", "long enough")])).Status);
        Assert.Equal(400, (await sysadmin.PostAsync("/users/viewer/delete", [])).Status);
        foreach (var path in (string[])["/desk/registrations", "/desk/registrations/1", "/desk/orders", "/desk/orders/1"])
            Assert.Equal(400, (await sysadmin.PostAsync(path, [])).Status);
        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task Access_is_asked_for_and_granted_at_the_desk()
    {
        using var viewer = await PageVisitor.SignInAsync(_host, "viewer");
        var ask = (await viewer.GetAsync("/desk")).Html.Form("/desk/registrations");
        Assert.Equal("maps", ask["collection"]);
        ask["note"] = "For <my> thesis";
        var asked = await viewer.FollowAsync(await viewer.SubmitAsync(ask));
        Assert.Contains("For <my> thesis", asked.Text, StringComparison.Ordinal);
        Assert.Contains("pending", asked.Text, StringComparison.Ordinal);
        Assert.Null(asked.Html.Find("form", "action", "/desk/registrations/1"));

        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        var decide = (await admin.GetAsync("/desk")).Html.Form("/desk/registrations/1");
        var decided = await admin.FollowAsync(await admin.PostAsync(decide.Action, [.. decide.Values, new("decision", "grant")]));
        Assert.Contains("granted", decided.Text, StringComparison.Ordinal);
        Assert.Equal(["viewer"], _host.Get<Users>().Find("viewer")!.CollectionRoles["maps"]);
        Assert.Null((await viewer.GetAsync("/desk")).Html.Find("form", "action", "/desk/registrations"));
        Assert.Contains("granted already", (await admin.PostAsync(decide.Action, [.. decide.Values, new("decision", "reject")])).Text, StringComparison.Ordinal);
        Assert.Equal(400, (await admin.PostAsync(decide.Action, [.. decide.Values, new("decision", "perhaps")])).Status);
        Assert.Equal([ChangeKind.RegistrationGranted], (await ChangesAsync()).Select(change => change.Kind));
    }

    [Fact]
    public async Task Records_are_ordered_and_denied_and_notices_read_at_the_desk()
    {
        var id = (await _host.InsertAsync(new { title = "Chart" })).GetProperty("id").GetInt64();
        using var viewer = await PageVisitor.SignInAsync(_host, "viewer");
        var link = (await viewer.GetAsync($"/records/{id}")).Html.Find("a", "href", $"/desk?order={id}")!.Attribute("href")!;
        var order = (await viewer.GetAsync(link)).Html.Form("/desk/orders");
        Assert.Equal($"{id}", order["records"]);
        order["records"] = "all of them";
        Assert.Contains("no number of a record", (await viewer.SubmitAsync(order)).Text, StringComparison.Ordinal);
        order["records"] = $" {id} , {id}";
        Assert.Contains("Ordered", (await viewer.FollowAsync(await viewer.SubmitAsync(order))).Banner, StringComparison.Ordinal);

        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        var decide = (await admin.GetAsync("/desk")).Html.Form("/desk/orders/1");
        var token = decide.Values;
        Assert.Equal(403, (await viewer.PostAsync(decide.Action, [.. (await viewer.GetAsync("/")).Html.Form("/signout").Values, new("decision", "deliver")])).Status);
        Assert.Contains("denied", (await admin.FollowAsync(await admin.PostAsync(decide.Action, [.. token, new("decision", "deny")]))).Text, StringComparison.Ordinal);
        Assert.Equal([ChangeKind.RecordInserted, ChangeKind.OrderCreated, ChangeKind.OrderDenied], (await ChangesAsync()).Select(change => change.Kind));

        using var feed = await _host.Admin.PostAsJsonAsync("/api/feeds", new { title = "News", @public = true });
        using var entry = await _host.Editor.PostAsJsonAsync(
            "/api/feeds/1/entries", new { title = "It is back", notify = true, records = new[] { id } });
        await Answer.JsonAsync(entry, 201);
        var desk = await viewer.GetAsync("/desk");
        Assert.Contains("It is back", desk.Text, StringComparison.Ordinal);
        Assert.NotNull(desk.Html.Find("a", "href", $"/records/{id}"));
    }

    [Fact]
    public async Task The_steps_of_a_workflow_are_told_in_words_and_those_that_take_a_time_are_left_out()
    {
        var id = (await _host.InsertAsync(new { type = "blog", title = "An entry" })).GetProperty("id").GetInt64();
        using var admin = await PageVisitor.SignInAsync(_host, "admin");
        var steps = (await admin.GetAsync($"/records/{id}")).Html.Form($"/records/{id}/act").Buttons.Where(button => button.Attribute("name") == "workflow");
        Assert.Equal(["Submit", "Submit and approve", "Archive"], steps.Select(button => button.Text));
    }

    private Task<IReadOnlyList<Change>> ChangesAsync() => _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None);
}
