using Dam.Hosting;
using Dapper;
using SampleHost.Accounts;
using SampleHost.Storage;

namespace Host.Tests.Accounts;

/// <summary>What plugins are told of users is what the last commit left, and comes from memory.</summary>
public sealed class UserDirectoryTests(RunningHost host) : IClassFixture<RunningHost>
{
    private readonly IUserDirectory _directory = host.Get<IUserDirectory>();

    [Fact]
    public async Task A_user_is_known_as_he_is_with_no_key()
    {
        var user = (await _directory.FindAsync("EDITOR", CancellationToken.None))!;
        Assert.Equal(("editor", "The editor", "editor@example.org"), (user.Name, user.DisplayName, user.Email));
        Assert.Equal(["editor", "viewer"], user.Roles.Order());
        Assert.True(user.Id > 0);
        Assert.Null(user.ApiKeyName);
        Assert.Null(await _directory.FindAsync("ghost", CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_is_looked_up_twice_while_no_account_changes()
    {
        var first = await _directory.FindAsync("viewer", CancellationToken.None);
        await host.InsertAsync(new { title = "no account" });
        Assert.Same(first, await _directory.FindAsync("Viewer", CancellationToken.None));
    }

    // Each of these writes must be seen by the very next look.
    [Theory]
    [InlineData("UPDATE users SET email = 'new@example.org' WHERE name = @name", "new@example.org viewer")]
    [InlineData("INSERT INTO user_roles (user_id, collection, role) SELECT id, '', 'editor' FROM users WHERE name = @name", "{0}@example.org editor,viewer")]
    [InlineData("DELETE FROM user_roles WHERE user_id = (SELECT id FROM users WHERE name = @name)", "{0}@example.org ")]
    [InlineData("DELETE FROM users WHERE name = @name", "gone")]
    public async Task A_commit_is_seen_by_the_next_look(string sql, string expected)
    {
        var name = $"u{Guid.NewGuid():N}";
        await host.AddUserAsync(name, ["viewer"]);
        Assert.Equal($"{name}@example.org viewer", Tell(await _directory.FindAsync(name, CancellationToken.None)));
        await host.Get<Database>().WriteAsync(scope => scope.Connection.Execute(sql, new { name }), CancellationToken.None);
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, name), Tell(await _directory.FindAsync(name, CancellationToken.None)));
    }

    [Trait("Storage", "sqlite")]
    [Fact]
    public async Task A_role_given_by_another_process_is_seen_too()
    {
        await host.AddUserAsync("outside", []);
        Assert.Equal("outside@example.org ", Tell(await _directory.FindAsync("outside", CancellationToken.None)));
        await using (var other = SampleHost.DamApplication.Build(["--contentRoot", host.Folder, "--Host:DataDirectory", host.DataDirectory]))
        {
            var database = (Database)other.Services.GetService(typeof(Database))!;
            database.Open();
            await database.WriteAsync(
                scope => scope.Connection.Execute("INSERT INTO user_roles (user_id, collection, role) SELECT id, '', 'viewer' FROM users WHERE name = 'outside'"),
                CancellationToken.None);
        }

        Assert.Equal("outside@example.org viewer", Tell(await _directory.FindAsync("outside", CancellationToken.None)));
    }

    private static string Tell(HostUser? user) => user is null ? "gone" : $"{user.Email} {string.Join(',', user.Roles.Order())}";
}
