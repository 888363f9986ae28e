using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SampleHost.Accounts;

namespace Host.Tests.Accounts;

public sealed class SignInTests
{
    [Fact]
    public async Task Name_and_password_must_both_be_right()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        var signIn = own.Host.Get<SignIn>();
        var signedIn = Assert.IsType<SignInResult.SignedIn>(await signIn.TryAsync("Editor", RunningHost.PasswordOf("editor"), default));
        Assert.Equal("editor", signedIn.User.Name);
        Assert.IsType<SignInResult.Wrong>(await signIn.TryAsync("editor", "wrong", default));
        Assert.IsType<SignInResult.Wrong>(await signIn.TryAsync("nobody", RunningHost.PasswordOf("editor"), default));
    }

    [Fact]
    public async Task Failures_in_a_row_make_the_account_wait_also_for_the_right_password()
    {
        var clock = new ManualTime();
        await using var own = new Disposing(await RunningHost.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock)));
        var signIn = own.Host.Get<SignIn>();
        for (var i = 1; i < SignIn.FreeFailures; i++)
            Assert.IsType<SignInResult.Wrong>(await signIn.TryAsync("editor", "wrong", default));

        var locked = Assert.IsType<SignInResult.Locked>(await signIn.TryAsync("editor", "wrong", default));
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromSeconds(5), locked.UntilAt);
        Assert.IsType<SignInResult.Locked>(await signIn.TryAsync("editor", RunningHost.PasswordOf("editor"), default));

        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.IsType<SignInResult.SignedIn>(await signIn.TryAsync("editor", RunningHost.PasswordOf("editor"), default));
        Assert.IsType<SignInResult.Wrong>(await signIn.TryAsync("editor", "wrong", default));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(9, 80)]
    [InlineData(100, 900)]
    public void The_wait_doubles_up_to_a_quarter_of_an_hour(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SignIn.Wait(failures));

    [Fact]
    public async Task A_cookie_outlives_a_restart()
    {
        await using var own = new Disposing(await RunningHost.StartAsync(Api.CookieDoor.Add));
        var handler = new SocketsHttpHandler();
        using var browser = own.Host.Client(null, handler);
        await Api.CookieDoor.SignInAsync(browser, "viewer");
        var cookie = handler.CookieContainer.GetCookieHeader(own.Host.BaseUri);
        await own.Host.RestartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/records");
        request.Headers.Add("Cookie", cookie);
        using var response = await own.Host.Nobody.SendAsync(request);
        await Answer.JsonAsync(response, 200);
    }

    [Theory]
    [InlineData("de-CH,de;q=0.9,en;q=0.8", "de-CH")]
    [InlineData("it,fr;q=0.5", "fr")]
    [InlineData("en;q=0.1,fr;q=0.9", "fr")]
    [InlineData("it", "en")]
    [InlineData("", "en")]
    [InlineData(";;;", "en")]
    public void The_browser_chooses_among_the_languages_there_are(string header, string expected)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = header;
        Assert.Equal(expected, CurrentUser.BrowserLanguage(context.Request));
    }

    [Fact]
    public async Task Accounts_and_keys_that_cannot_be_are_refused_with_the_reason()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        var users = own.Host.Get<Users>();
        foreach (var (user, says) in ((NewUser, string)[])
                 [
                     (new NewUser("a b", "long enough"), "cannot be used"), (new NewUser("new", "short"), "too short"),
                     (new NewUser("new", "long enough") { Roles = ["king"] }, "no role 'king'"), (new NewUser("EDITOR", "long enough"), "already"),
                     (new NewUser("new", "long enough") { CollectionRoles = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["viewer"] } }, "no collection"),
                 ])
        {
            Assert.Contains(says, Assert.IsType<CreateResult.Refused>(await users.CreateAsync(user, default)).Reason);
        }

        var keys = own.Host.Get<ApiKeys>();
        Assert.IsType<ApiKeyResult.Refused>(await keys.CreateAsync("test-editor", null, "editor", default));
        Assert.IsType<ApiKeyResult.Refused>(await keys.CreateAsync("other", null, "ghost", default));
        var made = Assert.IsType<ApiKeyResult.Created>(await keys.CreateAsync("other", null, "editor", default));
        Assert.Equal(43, made.Key.Length);
        Assert.DoesNotContain(made.Key, made.ToString(), StringComparison.Ordinal);
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
