using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dam.Hosting;
using Plugin.ApiWebhooks.Buttons;
using Plugin.Tests.Send;

namespace Plugin.Tests.Buttons;

/// <summary>What the editor is told, for each way in which a press can end.</summary>
public sealed class PressOutcomeTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 OK", null)]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "200", null)]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", "201 Created", "hello")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "204 No Content", null)]
    [InlineData("HTTP/1.1 200 Okay\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{\"message\":\"12 done\"}", "200 Okay", "12 done")]
    public async Task Any_2xx_is_a_success_told_with_status_and_the_targets_words(string answer, string status, string? message)
    {
        await using var receiver = RawReceiver.Answering(answer);
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var outcome = Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync());
        Assert.Matches($@"^127\.0\.0\.1:{receiver.Port} answered {status} after \d+(\.\d\d)?\u00A0s\.$", outcome.Message);
        Assert.Equal(message, outcome.Answer);
    }

    [Fact]
    public async Task An_answer_is_kept_whatever_characters_it_has()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\na\0b");
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var press = fixture.Press();
        Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync(press));
        await fixture.RestartAsync();
        Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync(press)); // as the log has it
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_redirect_is_reported_with_its_place_and_not_followed()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/elsewhere\r\nContent-Length: 0\r\n\r\n");
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync());
        Assert.Contains("302 Found", outcome.Message, StringComparison.Ordinal);
        Assert.Contains("points to http://127.0.0.1/elsewhere", outcome.Message, StringComparison.Ordinal);
        Assert.Single(receiver.Requests);
    }

    [Theory]
    [InlineData("404 Not Found", "refused the request")]
    [InlineData("410 Gone", "no longer in use")]
    [InlineData("429 Too Many Requests", "overloaded")]
    [InlineData("500 Internal Server Error", "failed")]
    [InlineData("503 Service Unavailable", "overloaded")]
    public async Task A_failure_is_told_in_words_with_the_targets_own_and_that_the_form_is_saved(string status, string words)
    {
        await using var receiver = RawReceiver.Answering($"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nNo such number");
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync());
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
        Assert.Contains(status, outcome.Message, StringComparison.Ordinal);
        Assert.EndsWith("Your changes are saved.", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("No such number", outcome.Answer);
    }

    [Fact]
    public async Task A_refused_connection_is_told()
    {
        int port;
        using (var closed = new TcpListener(System.Net.IPAddress.Loopback, 0))
        {
            closed.Start();
            port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        }

        await using var fixture = await PressFixture.StartAsync($"http://127.0.0.1:{port}/");
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync());
        Assert.StartsWith($"127.0.0.1:{port} could not be reached", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_self_signed_certificate_is_told()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await using var tls = new SslStream(stream);
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            }
            catch (System.Security.Authentication.AuthenticationException)
            {
                // The other side refused, as it should.
            }
        }, readsRequest: false);
        await using var fixture = await PressFixture.StartAsync($"https://127.0.0.1:{receiver.Port}/");
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync());
        Assert.Contains("its certificate was refused", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_address_that_is_not_allowed_is_not_called()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var folder = new TestFolder().With($$"""{ "buttons": [{ "buttontext": "Fetch", "url": "{{receiver.Url}}" }] }""");
        await using var plugin = await TestPlugin.StartAsync(folder);
        var press = new ButtonPress
        {
            ButtonKey = "fetch",
            PressKey = "k",
            PressedAt = DateTimeOffset.UnixEpoch,
            Page = new EditPageContext(TestHost.Record(13), plugin.Host.Users["editor"], "edit", "en", "en"),
        };
        var outcome = Assert.IsType<PressOutcome.Failed>(await plugin.Buttons.PressAsync(press, default));
        Assert.Contains("network.allow", outcome.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_told_in_the_language_of_the_page()
    {
        await using var fixture = await PressFixture.StartAsync("http://no-such-host.invalid/");
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync(fixture.Press(language: "fr-CH")));
        Assert.Contains("introuvable", outcome.Message, StringComparison.Ordinal);
        Assert.EndsWith("Vos modifications sont enregistrées.", outcome.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_status_lines_and_messages_stay_short_plain_text()
    {
        var body = "<img src=x onerror=alert(1)>\u001b[2J\u202E" + new string('x', 5000);
        await using var receiver = RawReceiver.Answering(
            $"HTTP/1.1 500 <script>{new string('y', 500)}\r\nContent-Type: text/plain\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n" + Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body)));
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var outcome = Assert.IsType<PressOutcome.Failed>(await fixture.PressAsync());
        Assert.InRange(outcome.Message.Length, 50, 400);
        Assert.Equal(AnswerMessage.MaxLength, outcome.Answer!.Length);
        Assert.StartsWith("<img src=x onerror=alert(1)>[2Jxxx", outcome.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_answer_without_end_only_the_beginning_is_read()
    {
        var sent = 0L;
        await using var receiver = new RawReceiver(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10485760\r\n\r\n"u8.ToArray(), stop);
            var block = Encoding.ASCII.GetBytes(new string('z', 65536));
            for (var i = 0; i < 160; i++)
            {
                await stream.WriteAsync(block, stop);
                Interlocked.Add(ref sent, block.Length);
            }
        });
        await using var fixture = await PressFixture.StartAsync(receiver.Url);
        var outcome = Assert.IsType<PressOutcome.Succeeded>(await fixture.PressAsync(fixture.Press("big")));
        Assert.Equal(AnswerMessage.MaxLength, outcome.Answer!.Length);
        Assert.Equal(4096, fixture.Plugin.Get<PressLog>().Find("big")!.End!.Answer!.Length);
        Assert.True(Interlocked.Read(ref sent) < 10_485_760);
    }

    [Fact]
    public async Task No_user_below_the_configured_roles_and_no_other_type_gets_the_button_or_may_press_it()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var fixture = await PressFixture.StartAsync(receiver.Url, """ "roles": ["Admin"], "types": ["document"] """);
        fixture.Plugin.Host.Records[14] = TestHost.Record(14, "photograph");
        Assert.Single(fixture.Buttons.GetButtons(fixture.Press(user: "admin").Page));
        foreach (var press in new[] { fixture.Press(user: "editor"), fixture.Press(user: "admin", record: 14) })
        {
            Assert.Empty(fixture.Buttons.GetButtons(press.Page));
            Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(press));
        }

        Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(fixture.Press(button: "unknown", user: "admin")));
        Assert.IsType<PressOutcome.Refused>(await fixture.PressAsync(fixture.Press(key: "no/key", user: "admin")));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_role_in_the_records_collection_counts()
    {
        await using var fixture = await PressFixture.StartAsync("http://127.0.0.1:1/", """ "roles": ["admin"] """);
        var user = TestHost.User("u", "editor") with { CollectionRoles = new Dictionary<string, IReadOnlySet<string>> { ["maps"] = new HashSet<string> { "admin" } } };
        EditPageContext Page(string? collection) => new(TestHost.Record(13) with { Collection = collection }, user, "edit", "fr", "en");
        Assert.Equal("Récupérer", Assert.Single(fixture.Buttons.GetButtons(Page("maps"))).Label);
        Assert.Empty(fixture.Buttons.GetButtons(Page("prints")));
        Assert.Empty(fixture.Buttons.GetButtons(Page(null)));
    }
}
