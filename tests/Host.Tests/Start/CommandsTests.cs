using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Start;

namespace Host.Tests.Start;

public sealed class CommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dam-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Trait("Storage", "sqlite")]
    [Fact]
    public async Task The_first_account_is_made_at_the_command_line()
    {
        var (code, output, _) = await RunAsync("correct horse\n", "users", "add", "chief", "--role", "sysadmin", "--email", "c@example.org");
        Assert.Equal(0, code);
        Assert.Contains("chief", output);

        var host = await RunningHost.StartAsync(arguments: ["--Host:DataDirectory", _folder], withAccounts: false);
        await using var own = new Disposing(host);
        var signedIn = Assert.IsType<SignInResult.SignedIn>(await host.Get<SignIn>().TryAsync("chief", "correct horse", default));
        Assert.Contains("sysadmin", signedIn.User.Roles);
        Assert.Equal("c@example.org", signedIn.User.Email);

        var change = Assert.Single(await host.Get<IChangeLog>().ReadAfterAsync(0, 10, CancellationToken.None));
        Assert.Equal((ChangeKind.UserCreated, "chief", "system", ChangeOrigin.System), (change.Kind, change.User!.Name, change.Actor.UserName, change.Via));
    }

    [Fact]
    public async Task A_refused_account_says_why()
    {
        var (code, _, error) = await RunAsync("short\n", "users", "add", "chief", "--role", "sysadmin");
        Assert.Equal(1, code);
        Assert.Contains("too short", error);
        var (again, _, unknown) = await RunAsync("long enough\n", "users", "add", "chief", "--role", "king");
        Assert.Equal(1, again);
        Assert.Contains("viewer, editor, admin, sysadmin", unknown);
    }

    [Theory]
    [InlineData("users")]
    [InlineData("users", "add")]
    [InlineData("users", "add", "chief")]
    [InlineData("users", "add", "chief", "--role")]
    [InlineData("users", "remove", "chief")]
    [InlineData("something")]
    public async Task Wrong_usage_shows_the_usage(params string[] args)
    {
        var (code, _, error) = await RunAsync("", args);
        Assert.Equal(2, code);
        Assert.Contains("Usage:", error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "--urls", "http://127.0.0.1:0")]
    [InlineData(false, "Host:Demo=true")]
    [InlineData(true, "users", "add")]
    public void Settings_are_no_command(bool expected, params string[] args) => Assert.Equal(expected, Commands.IsCommand(args));

    private async Task<(int Code, string Output, string Error)> RunAsync(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] settings = ["--contentRoot", _folder, "--Host:DataDirectory", _folder];
        var code = await Commands.RunAsync([.. args, .. args.Length > 3 && args[^1] != "--role" ? settings : []], new StringReader(input), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
