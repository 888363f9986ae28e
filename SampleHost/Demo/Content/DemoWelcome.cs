using Dam.Hosting;
using SampleHost.Accounts;

namespace SampleHost.Demo.Content;

/// <summary>Says once the host listens where it is, who may sign in and what to try first.</summary>
internal sealed partial class DemoWelcome(Users users, IHostInformation host, IHostApplicationLifetime lifetime, ILogger<DemoWelcome> logger) : IHostedService, IDisposable
{
    private CancellationTokenRegistration _started;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _started = lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _started.Dispose();

    private void Print()
    {
        if (DemoAccounts.Existing(users) is { Count: > 0 } accounts)
            Welcome(logger, Describe(accounts, host.BaseUri));
    }

    internal static string Describe(IReadOnlyList<DemoAccount> accounts, Uri address)
    {
        var root = address.ToString().TrimEnd('/');
        var lines = accounts.Select(account => $"  {account.Name,-9} password {account.Password,-14} API key {account.Key,-18} (key name {account.KeyName})");
        return $"""
            The demo is on. Open {root}/ and sign in:
            {string.Join(Environment.NewLine, lines)}
            Try this: as editor open "Jar from the cellar shelf", Edit, type CM-1042 as its collection number, press "Fetch object data from CMS".
            The other side of every call is at {root}/demo/cms
            """;
    }

    [LoggerMessage(1902, LogLevel.Information, "{Text}")]
    private static partial void Welcome(ILogger logger, string text);
}
