using System.Text.Json;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;
using Plugin.Tests.Deliver;

namespace Plugin.Tests.Send;

/// <summary>What goes over the wire is verified by the libraries that receivers use: <c>standardwebhooks</c> and <c>svix</c> of npm.</summary>
public sealed class OtherVerifiersTests : IAsyncLifetime
{
    private readonly PipelineFixture _f = new();
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync(_f.Clock);

    public async Task DisposeAsync()
    {
        await _f.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [NpmFact]
    public async Task Deliveries_verify_as_sent_and_nothing_else_does_also_while_a_secret_is_replaced()
    {
        using var npm = new Npm();
        await npm.InstallAsync("standardwebhooks@1.1.1", "svix@2.5.0");
        var former = WebhookSecret.Generate();
        await _f.StartAsync(PipelineFixture.Hook(_receiver.Url) with
        {
            RetiringSecrets = [former],
            Signing = HookSigning.Both, // A signature of a kind that they do not know does not trouble them.
            SigningKey = SigningKey.Generate(),
        });
        var stored = _f.WhenStored(1);
        _f.Log.Append(change => change with { Record = change.Record! with { Title = "Krug für Öl – 水壺 “quoted” \u2028" } });
        await stored;

        var received = Assert.Single(_receiver.All);
        var input = JsonSerializer.Serialize(new
        {
            now = _f.Clock.GetUtcNow().ToUnixTimeSeconds(),
            secrets = new[] { PipelineFixture.Secret, former.Reveal() },
            stranger = WebhookSecret.Generate().Reveal(),
            headers = received.Headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase))
                .ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
            body = Convert.ToBase64String(received.Body),
        });
        Assert.Equal(
            """
            standardwebhooks: taken, taken, stranger refused, changed body refused, other id refused, other time refused, too late refused
            svix: taken, taken, stranger refused, changed body refused, other id refused, other time refused, too late refused
            """,
            await npm.RunAsync(Verify, input));
    }

    private const string Verify = """
        import fs from 'node:fs';
        const { now, secrets, stranger, headers, body } = JSON.parse(fs.readFileSync(0, 'utf8'));
        const text = Buffer.from(body, 'base64').toString('utf8');
        let clock = now;
        Date.now = () => clock * 1000;
        const verdict = (Webhook, secret, what, how) => {
            try { new Webhook(secret).verify(what, how); return 'taken'; } catch (e) { return 'refused'; }
        };
        for (const name of ['standardwebhooks', 'svix']) {
            const { Webhook } = await import(name);
            const words = secrets.map(secret => verdict(Webhook, secret, text, headers));
            words.push('stranger ' + verdict(Webhook, stranger, text, headers));
            words.push('changed body ' + verdict(Webhook, secrets[0], text.replace('record', 'recorb'), headers));
            words.push('other id ' + verdict(Webhook, secrets[0], text, { ...headers, 'webhook-id': 'msg_other' }));
            words.push('other time ' + verdict(Webhook, secrets[0], text, { ...headers, 'webhook-timestamp': String(now - 1) }));
            clock = now + 301;
            words.push('too late ' + verdict(Webhook, secrets[0], text, headers));
            clock = now;
            console.log(name + ': ' + words.join(', '));
        }
        """;
}
