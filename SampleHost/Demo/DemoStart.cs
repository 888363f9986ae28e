using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Demo;

/// <summary>Fills a new data directory with the demo, and tells how to begin once the host answers.</summary>
internal sealed partial class DemoStart(
    Users users, ApiKeys keys, IHostInformation host, IHostApplicationLifetime lifetime, ILogger<DemoStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // A data directory with accounts is somebody's own: nothing is added to it.
        if (users.Any())
            return;
        await DemoAccounts.CreateAsync(users, keys, cancellationToken);
        lifetime.ApplicationStarted.Register(Tell);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Tell() => LogDemo(
        host.BaseUri,
        string.Join(", ", DemoAccounts.All.Select(account => account.Name)),
        string.Join(", ", DemoAccounts.All.Select(account => account.ApiKey)));

    [LoggerMessage(3900, LogLevel.Information, """
        The demo is ready at {Address}
          Sign in as one of {Accounts}; the password is the name followed by -demo.
          API keys: {Keys}.
          Then open a record, choose Edit, type a collection number such as CM-1042 and press "Fetch object data from CMS".
          The other side of every call is at {Address}demo/cms
        """)]
    private partial void LogDemo(Uri address, string accounts, string keys);
}
