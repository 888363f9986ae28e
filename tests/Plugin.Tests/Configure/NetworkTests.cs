using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dam.Hosting;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Send;

namespace Plugin.Tests.Configure;

/// <summary>Proxies and certificates as they stand in config.json.</summary>
public sealed class NetworkTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Authorities_are_read_from_beside_the_configuration_and_hooks_with_equal_ones_share_their_way()
    {
        File.WriteAllText(PathOf("ca.pem"), $"The test's authority\n{_authority.Pem}\n");
        var hooks = Read("""{ "hooks": [{ "label": "A", "url": "https://a/", "caFile": "ca.pem" }, { "label": "B", "url": "https://b/", "caFile": "ca.pem" }, { "label": "C", "url": "https://c/" }] }""").Settings!.Hooks;
        Assert.Equal(_authority.Certificate.Thumbprint, Assert.Single(hooks[0].Via!.Roots!.Certificates).Thumbprint);
        Assert.Equal(hooks[0].Via, hooks[1].Via);
        Assert.Null(hooks[2].Via);
        var again = Read("""{ "hooks": [{ "label": "A", "url": "https://a/", "caFile": "ca.pem" }] }""").Settings!;
        Assert.Equal(hooks[0].Via, again.Hooks[0].Via);
        Assert.Equal(hooks[0].Via!.Fingerprint(), again.Hooks[0].Via!.Fingerprint());
        Assert.Equal([hooks[0].Via!], again.Ways());
    }

    [Fact]
    public void Client_certificates_are_read_in_every_usual_form()
    {
        using var between = new TestAuthority("Between", _authority);
        using var certificate = between.Issue("dam");
        using var key = certificate.GetECDsaPrivateKey()!;
        var chain = certificate.ExportCertificatePem() + "\n" + between.Pem;
        File.WriteAllText(PathOf("both.pem"), chain + "\n" + key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf("certificate.pem"), chain);
        File.WriteAllText(PathOf("plain.key"), key.ExportECPrivateKeyPem());
        File.WriteAllText(PathOf("locked.key"), key.ExportEncryptedPkcs8PrivateKeyPem("s3cret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        File.WriteAllBytes(PathOf("dam.p12"), new X509Certificate2Collection { certificate, X509CertificateLoader.LoadCertificate(between.Certificate.RawData) }.Export(X509ContentType.Pkcs12, "s3cret")!);
        string[] forms =
        [
            """ "clientCertificateFile": "both.pem" """,
            """ "clientCertificateFile": "certificate.pem", "clientCertificateKeyFile": "plain.key" """,
            """ "clientCertificateFile": "certificate.pem", "clientCertificateKeyFile": "locked.key", "clientCertificatePassword": "s3cret" """,
            """ "clientCertificateFile": "dam.p12", "clientCertificatePassword": "s3cret" """,
        ];
        foreach (var form in forms)
        {
            var reading = Read($$"""{ "hooks": [{ "label": "A", "url": "https://a/", {{form}} }] }""");
            Assert.Empty(reading.Faults);
            var identity = reading.Settings!.Hooks[0].Via!.Identity!;
            Assert.True(identity.Context.TargetCertificate.HasPrivateKey);
            Assert.Equal(certificate.Thumbprint, identity.Context.TargetCertificate.Thumbprint);
            Assert.Equal([between.Certificate.Thumbprint], identity.Context.IntermediateCertificates.Select(each => each.Thumbprint));
        }
    }

    [Theory]
    [InlineData(""" "caFile": "none.pem" """, "hooks[0].caFile", "is not there")]
    [InlineData(""" "caFile": "words.pem" """, "hooks[0].caFile", "holds no certificate in PEM")]
    [InlineData(""" "caFile": "damaged.pem" """, "hooks[0].caFile", "holds no certificate in PEM")]
    [InlineData(""" "caFile": "leaf.pem" """, "hooks[0].caFile", "holds no root certificate")]
    [InlineData(""" "caFile": "." """, "hooks[0].caFile", "cannot be read")]
    [InlineData(""" "clientCertificateFile": "leaf.pem" """, "hooks[0].clientCertificateFile", "no certificate with its private key")]
    [InlineData(""" "clientCertificateFile": "leaf.pem", "clientCertificateKeyFile": "other.key" """, "hooks[0].clientCertificateKeyFile", "no certificate with its private key")]
    [InlineData(""" "clientCertificateFile": "leaf.pem", "clientCertificateKeyFile": "none.key" """, "hooks[0].clientCertificateKeyFile", "is not there")]
    [InlineData(""" "clientCertificateFile": "words.p12", "clientCertificatePassword": "s3cret" """, "hooks[0].clientCertificateFile", "cannot be opened")]
    [InlineData(""" "clientCertificateFile": "words.p12", "clientCertificateKeyFile": "other.key" """, "hooks[0].clientCertificateKeyFile", "is not used")]
    [InlineData(""" "clientCertificatePassword": "s3cret" """, "hooks[0].clientCertificatePassword", "stands without a certificate")]
    [InlineData(""" "proxy": "https://dam:s3cret@proxy" """, "hooks[0].proxy", "is not the address of a proxy")]
    public void Faults_name_the_key_and_never_the_password(string keys, string place, string what)
    {
        using var leaf = _authority.Issue("dam");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(PathOf("words.pem"), "words");
        File.WriteAllText(PathOf("words.p12"), "words");
        File.WriteAllText(PathOf("damaged.pem"), "-----BEGIN CERTIFICATE-----\nZGFtYWdlZA==\n-----END CERTIFICATE-----\n");
        File.WriteAllText(PathOf("leaf.pem"), leaf.ExportCertificatePem());
        File.WriteAllText(PathOf("other.key"), other.ExportPkcs8PrivateKeyPem());
        var reading = Read($$"""{ "hooks": [{ "label": "A", "url": "https://a/", {{keys}} }] }""");
        Assert.Null(reading.Settings);
        Assert.Contains(reading.Faults, fault => fault.Place == place && fault.Message.Contains(what, StringComparison.Ordinal) && fault.Remedy.Length > 0);
        Assert.DoesNotContain("s3cret", string.Concat(reading.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void The_networks_proxy_dials_for_buttons_and_hooks_that_are_not_bypassed_and_name_none_of_their_own()
    {
        var settings = Read("""
            {
              "buttons": [{ "buttontext": "Out", "url": "https://cms.example.org/{id}" }, { "buttontext": "Here", "url": "{baseUri}/x?id=" }],
              "hooks": [
                { "label": "Out", "url": "https://a.example.org/" },
                { "label": "Own", "url": "https://a.internal/", "proxy": "socks5://other.example.org" },
                { "label": "None", "url": "https://a.example.org/", "proxy": "none" },
                { "label": "Below", "url": "https://a.internal/" },
                { "label": "Domain", "url": "https://internal/" },
                { "label": "Range", "url": "https://10.1.2.3/" },
                { "label": "NotBelow", "url": "https://ainternal/" },
              ],
              "network": { "proxy": "http://dam:pw@proxy.example.org:3128", "proxyBypass": ["{baseUri}", "*.internal", "10.1.0.0/16"] },
            }
            """).Settings!;
        const string Proxy = "http://proxy.example.org:3128";
        Assert.Equal([Proxy, null], settings.Buttons.Select(button => button.Via?.Proxy?.ToString()));
        Assert.Equal([Proxy, "socks5://other.example.org:1080", null, null, null, null, Proxy], settings.Hooks.Select(hook => hook.Via?.Proxy?.ToString()));
        Assert.Equal(2, settings.Ways().Count);
    }

    [Fact]
    public void A_bypass_that_is_none_is_told() =>
        Assert.Equal("network.proxyBypass[0]", Assert.Single(Read("""{ "network": { "proxyBypass": ["a b"] } }""").Faults).Place);

    [Fact]
    public async Task A_renewed_file_is_taken_up_and_one_that_breaks_leaves_the_last_good_in_force()
    {
        File.WriteAllText(PathOf("ca.pem"), _authority.Pem);
        await using var plugin = await TestPlugin.StartAsync(_folder.With("""{ "hooks": [{ "label": "A", "url": "https://a.example.org/", "caFile": "ca.pem" }] }"""));
        var former = plugin.Settings.Current.Hooks[0].Via!;
        using var renewed = new TestAuthority("Renewed");
        var changed = Changed(plugin.Settings);
        File.WriteAllText(PathOf("ca.pem"), renewed.Pem);
        var via = (await changed).Hooks[0].Via!;
        Assert.NotEqual(former, via);
        Assert.NotEqual(former.Fingerprint(), via.Fingerprint());

        File.Delete(PathOf("ca.pem"));
        await UntilAsync(() => plugin.Settings.Faults.Count > 0);
        Assert.Equal("hooks[0].caFile", plugin.Settings.Faults[0].Place);
        Assert.Equal(via, plugin.Settings.Current.Hooks[0].Via);
        changed = Changed(plugin.Settings);
        File.WriteAllText(PathOf("ca.pem"), _authority.Pem);
        Assert.Equal(former, (await changed).Hooks[0].Via);
        Assert.Empty(plugin.Settings.Faults);
    }

    [Fact]
    public async Task A_certificate_that_ends_within_thirty_days_is_warned_of_on_the_page_in_the_log_and_every_day_again()
    {
        var clock = new FakeClock();
        using var ending = new TestAuthority("Ending", notAfter: clock.GetUtcNow().AddDays(31));
        File.WriteAllText(PathOf("ca.pem"), ending.Pem);
        await using var plugin = await TestPlugin.StartAsync(_folder.With("""{ "hooks": [{ "label": "A", "url": "https://a.example.org/", "caFile": "ca.pem" }] }"""), time: clock);
        Assert.Empty(plugin.Settings.Faults);
        PassADay();
        var warning = Assert.Single(plugin.Get<IEnumerable<IPluginHealth>>().SelectMany(each => each.GetFaults()));
        Assert.Equal((FaultSeverity.Warning, "Hook a"), (warning.Severity, warning.Place));
        Assert.Contains("ends on 2026-04-01", warning.Message, StringComparison.Ordinal);
        await UntilAsync(() => Warnings() == 1);
        PassADay();
        await UntilAsync(() => Warnings() == 2);
        clock.Jump(TimeSpan.FromDays(60));
        Assert.Contains("ended on 2026-04-01", Assert.Single(plugin.Settings.Faults).Message, StringComparison.Ordinal);

        int Warnings() => plugin.Host.Log.Entries.Count(entry => entry.Message.Contains("ends on 2026-04-01", StringComparison.Ordinal));

        void PassADay()
        {
            clock.Jump(TimeSpan.FromDays(1));
            clock.Advance(SettingsWatcher.Interval);
        }
    }

    private static async Task<PluginSettings> Changed(SettingsWatcher watcher)
    {
        var next = new TaskCompletionSource<PluginSettings>(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Changed += settings => next.TrySetResult(settings);
        return await next.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    // Faults have no signal of their own: pages ask for them when they are drawn.
    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private string PathOf(string file) => Path.Combine(_folder.Plugin, file);

    private SettingsReading Read(string text) => SettingsText.Read(
        Encoding.UTF8.GetBytes(text),
        new ReadingContext([new StandardDialect()], new Uri("http://127.0.0.1:5080/"), IsDevelopment: true) { Files = new CertificateFiles(_folder.Plugin) });
}
