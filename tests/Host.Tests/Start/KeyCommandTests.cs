using System.Net;
using SampleHost.Accounts;
using SampleHost.Start;

namespace Host.Tests.Start;

public sealed class KeyCommandTests : IAsyncLifetime
{
    private RunningHost _host = null!;

    public async Task InitializeAsync() => _host = await RunningHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Trait("Storage", "sqlite")]
    [Fact]
    public async Task A_key_made_at_the_command_line_opens_the_running_host()
    {
        var (code, output, _) = await RunAsync("keys", "add", "ingest", "--user", Roles.Editor);
        Assert.Equal(0, code);
        var key = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/records");
        request.Headers.Add("X-Api-Key", key);
        using var answer = await _host.Nobody.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_refused_key_says_why()
    {
        var (code, _, error) = await RunAsync("keys", "add", "ingest", "--user", "nobody");
        Assert.Equal(1, code);
        Assert.Contains("no user 'nobody'", error);
    }

    [Fact]
    public async Task A_key_without_a_user_shows_the_usage()
    {
        var (code, _, error) = await RunAsync("keys", "add", "ingest");
        Assert.Equal(2, code);
        Assert.Contains("keys add NAME --user USER", error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Commands.RunAsync(
            [.. args, "--contentRoot", _host.Folder, "--Host:DataDirectory", _host.DataDirectory], TextReader.Null, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
