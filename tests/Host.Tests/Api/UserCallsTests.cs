using System.Net.Http.Json;
using System.Text.Json;
using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Storage;

namespace Host.Tests.Api;

/// <summary>Users are made, changed and deleted over the API, and each is logged with its state.</summary>
public sealed class UserCallsTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Get<Collections>().CreateAsync("maps", "Maps", CancellationToken.None);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_user_is_made_with_names_address_and_roles_and_logged()
    {
        using var response = await CreateAsync(new
        {
            name = "vera",
            password = "correct horse",
            displayName = "Vera Voss",
            firstName = "Vera",
            lastName = "Voss",
            email = "vera@example.org",
            roles = new[] { "viewer" },
            collectionRoles = new { maps = new[] { "editor" } },
        });
        var user = await Answer.JsonAsync(response, 201);
        Assert.Equal("/api/users/vera", response.Headers.Location!.ToString());
        Assert.Equal(["viewer", "editor"], user.GetProperty("collectionRoles").GetProperty("maps").EnumerateArray().Select(role => role.GetString()));
        Assert.DoesNotContain("horse", user.ToString(), StringComparison.Ordinal);

        var change = Assert.Single(await ChangesAsync());
        Assert.Equal((ChangeKind.UserCreated, "sysadmin", ChangeOrigin.Api), (change.Kind, change.Actor.UserName, change.Via));
        Assert.True(change.Actor.UserId > 0);
        Assert.Equal(
            new UserSnapshot
            {
                Id = user.GetProperty("id").GetInt64(), Name = "vera", DisplayName = "Vera Voss", FirstName = "Vera", LastName = "Voss", Email = "vera@example.org",
            },
            change.User);
        Assert.IsType<SignInResult.SignedIn>(await _host.Get<SignIn>().TryAsync("vera", "correct horse", CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"name":"a b","password":"long enough"}""", "name")]
    [InlineData("""{"name":"System","password":"long enough"}""", "name")]
    [InlineData("""{"name":"editor","password":"long enough"}""", "name")]
    [InlineData("""{"name":"vera","password":"short"}""", "password")]
    [InlineData("""{"name":"vera","password":"long enough","email":"no address"}""", "email")]
    [InlineData("""{"name":"vera","password":"long enough","email":"vera@example.org\r\nBcc: x@example.org"}""", "email")]
    [InlineData("""{"name":"vera","password":"long enough","firstName":"a\u0007"}""", "firstName")]
    [InlineData("""{"name":"vera","password":"long enough","roles":["king"]}""", "roles")]
    [InlineData("""{"name":"vera","password":"long enough","collectionRoles":{"ghosts":["viewer"]}}""", "collectionRoles")]
    [InlineData("""{"name":"vera","password":"long enough","role":"viewer"}""", "role")]
    public async Task Bad_values_are_refused_by_name(string json, string field)
    {
        using var response = await _host.SysAdmin.PostAsync("/api/users", new StringContent(json, null, "application/json"));
        var problem = await Answer.ProblemAsync(response, 422);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task A_change_says_what_changed_and_a_change_of_nothing_says_nothing()
    {
        using var first = await PatchAsync("viewer", new { email = "v@example.org", firstName = "Vic", roles = new[] { "editor" } });
        Assert.Equal("Vic", (await Answer.JsonAsync(first, 200)).GetProperty("firstName").GetString());
        using var same = await PatchAsync("viewer", new { email = "v@example.org", firstName = "Vic" });
        await Answer.JsonAsync(same, 200);
        using var cleared = await PatchAsync("VIEWER", new { email = (string?)null, collectionRoles = new { maps = new[] { "viewer" } } });
        Assert.Equal(JsonValueKind.Null, (await Answer.JsonAsync(cleared, 200)).GetProperty("email").ValueKind);

        var changes = await ChangesAsync();
        Assert.Equal([ChangeKind.UserChanged, ChangeKind.UserChanged], changes.Select(change => change.Kind));
        Assert.Equal(
            ["firstName:>Vic", "email:viewer@example.org>v@example.org", "roles:viewer>editor,viewer"],
            changes[0].ChangedFields.Select(field => $"{field.Name}:{string.Join(',', field.Before)}>{string.Join(',', field.After)}"));
        Assert.Equal(["email", "collectionRoles"], changes[1].ChangedFields.Select(field => field.Name));
        Assert.Equal(("viewer", null), (changes[1].User!.Name, changes[1].User!.Email));
        Assert.Equal(["editor", "viewer"], _host.Get<Users>().Find("viewer")!.Roles.Order());
    }

    [Fact]
    public async Task A_deleted_user_is_out_at_once_and_his_name_is_not_given_again()
    {
        await using var own = new Disposing(await RunningHost.StartAsync(CookieDoor.Add));
        var host = own.Host;
        using var browser = host.Client(null, new SocketsHttpHandler());
        await CookieDoor.SignInAsync(browser, "editor");
        (await browser.GetAsync("/api/records")).EnsureSuccessStatusCode().Dispose();
        (await host.Editor.GetAsync("/api/records")).EnsureSuccessStatusCode().Dispose();

        using var deleted = await host.SysAdmin.DeleteAsync("/api/users/editor");
        Assert.Equal(204, (int)deleted.StatusCode);
        foreach (var client in (HttpClient[])[browser, host.Editor])
        {
            using var refused = await client.GetAsync("/api/records");
            await Answer.ProblemAsync(refused, 401);
        }

        var change = Assert.Single(await host.Get<IChangeLog>().ReadAfterAsync(0, 10, CancellationToken.None));
        Assert.Equal((ChangeKind.UserDeleted, "editor", "editor@example.org"), (change.Kind, change.User!.Name, change.User.Email));
        Assert.Null(await host.Get<IUserDirectory>().FindAsync("editor", CancellationToken.None));
        Assert.Equal(0, host.Get<Database>().Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM api_keys WHERE name = 'test-editor'")));

        using var again = await host.SysAdmin.PostAsJsonAsync("/api/users", new { name = "Editor", password = "long enough" });
        await Answer.ProblemAsync(again, 422);
        using var gone = await host.SysAdmin.DeleteAsync("/api/users/editor");
        await Answer.ProblemAsync(gone, 404);
    }

    [Fact]
    public async Task The_last_sysadmin_stays_one()
    {
        using var deleted = await _host.SysAdmin.DeleteAsync("/api/users/sysadmin");
        await Answer.ProblemAsync(deleted, 409);
        using var demoted = await PatchAsync("sysadmin", new { roles = new[] { "admin" } });
        await Answer.ProblemAsync(demoted, 409);
        Assert.Empty(await ChangesAsync());

        await _host.AddUserAsync("second", [Roles.SysAdmin]);
        using var now = await PatchAsync("sysadmin", new { roles = new[] { "admin" } });
        await Answer.JsonAsync(now, 200);
        using var last = await _host.Client("second").DeleteAsync("/api/users/second");
        await Answer.ProblemAsync(last, 409);
    }

    [Fact]
    public async Task Only_sysadmins_manage_and_only_admins_see_others()
    {
        foreach (var client in (HttpClient[])[_host.Viewer, _host.Editor, _host.Admin])
        {
            using var created = await client.PostAsJsonAsync("/api/users", new { name = "vera", password = "long enough" });
            await Answer.ProblemAsync(created, 403);
            using var changed = await client.PatchAsJsonAsync("/api/users/viewer", new { roles = new[] { "sysadmin" } });
            await Answer.ProblemAsync(changed, 403);
            using var deleted = await client.DeleteAsync("/api/users/viewer");
            await Answer.ProblemAsync(deleted, 403);
        }

        using var others = await _host.Editor.GetAsync("/api/users");
        await Answer.ProblemAsync(others, 403);
        using var other = await _host.Editor.GetAsync("/api/users/viewer");
        await Answer.ProblemAsync(other, 403);
        using var self = await _host.Editor.GetAsync("/api/users/Editor");
        Assert.Equal("The editor", (await Answer.JsonAsync(self, 200)).GetProperty("displayName").GetString());
        using var first = await _host.Admin.GetAsync("/api/users?limit=3");
        var page = await Answer.JsonAsync(first, 200);
        Assert.Equal(["viewer", "editor", "admin"], page.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("name").GetString()));
        using var rest = await _host.Admin.GetAsync($"/api/users?limit=3&after={page.GetProperty("next")}");
        Assert.Equal(JsonValueKind.Null, (await Answer.JsonAsync(rest, 200)).GetProperty("next").ValueKind);
    }

    private Task<HttpResponseMessage> CreateAsync(object user) => _host.SysAdmin.PostAsJsonAsync("/api/users", user);

    private Task<HttpResponseMessage> PatchAsync(string name, object edit) => _host.SysAdmin.PatchAsJsonAsync($"/api/users/{name}", edit);

    private Task<IReadOnlyList<Change>> ChangesAsync() => _host.Get<IChangeLog>().ReadAfterAsync(0, 100, CancellationToken.None);
}
