using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Tests.Postgres;

namespace EndToEnd.Tests.Deployment;

/// <summary>The proxy of the sample deployment, with the very configuration that is shipped.</summary>
public sealed class CaddyTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [CaddyFact]
    public async Task A_host_is_stopped_and_started_again_and_nobody_who_reads_notices()
    {
        var (address, admin) = (new Uri($"http://127.0.0.1:{TwoNodes.FreePort()}"), TwoNodes.FreePort());
        using var caddy = Start(address, admin);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = nodes.Program.DefaultRequestHeaders.Authorization;
            await BecomeReadyAsync(client);
            using var saved = await client.PostAsJsonAsync("/api/records", new { title = "Through Caddy" });
            Assert.Equal(HttpStatusCode.Created, saved.StatusCode);

            using var enough = new CancellationTokenSource();
            var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(client, enough.Token)));
            var host = nodes.Hosts[0];
            Assert.Equal(0, await host.StopAsync());
            await host.StartAgainAsync();
            await enough.CancelAsync();
            var answers = (await reading).SelectMany(each => each).ToList();
            Assert.NotEmpty(answers);
            Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        }
        finally
        {
            caddy.Kill();
            await caddy.WaitForExitAsync();
        }
    }

    private Process Start(Uri address, int admin) => Process.Start(new ProcessStartInfo(
        "caddy", ["run", "--adapter", "caddyfile", "--config", Path.Combine(HostProcess.Repository, "deploy", "Caddyfile")])
    {
        Environment =
        {
            // An address with http: asks for no certificate.
            ["DAM_NAME"] = address.ToString().TrimEnd('/'),
            ["DAM_HOSTS"] = string.Join(' ', nodes.Hosts.Select(host => host.BaseUri.Authority)),
            ["CADDY_ADMIN"] = $"127.0.0.1:{admin}",
            ["HOME"] = nodes.Folder,
            ["XDG_DATA_HOME"] = nodes.Folder,
            ["XDG_CONFIG_HOME"] = nodes.Folder,
        },
    })!;

    private static async Task<List<HttpStatusCode>> ReadAsync(HttpClient client, CancellationToken enough)
    {
        var answers = new List<HttpStatusCode>();
        while (!enough.IsCancellationRequested)
        {
            using var response = await client.GetAsync("/api/records", CancellationToken.None);
            answers.Add(response.StatusCode);
        }

        return answers;
    }

    // Nothing tells when another program listens.
    private static async Task BecomeReadyAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                using var response = await client.GetAsync("/healthz", patience.Token);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }
}

/// <summary>A fact about the sample proxy; skipped, with the reason, where there is none or no PostgreSQL.</summary>
public sealed class CaddyFactAttribute : FactAttribute
{
    public CaddyFactAttribute() => Skip = PostgresServer.Missing ?? (HasCaddy() ? null : "Needs Caddy; on Debian: apt-get install caddy");

    private static bool HasCaddy() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "caddy")));
}
