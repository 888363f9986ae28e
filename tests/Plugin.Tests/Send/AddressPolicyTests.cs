using System.Net;
using System.Text;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Send;

public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("0.1.2.3", "unspecified")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("100.64.0.1", "shared by a provider's customers")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("192.0.0.8", "reserved")]
    [InlineData("192.88.99.1", "a 6to4 relay")]
    [InlineData("198.18.0.1", "for benchmarks")]
    [InlineData("198.19.255.255", "for benchmarks")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.250", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "broadcast")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "an IPv4 address in IPv6 form")]
    [InlineData("::ffff:8.8.8.8", "an IPv4 address in IPv6 form")]
    [InlineData("::127.0.0.1", "an IPv4 address in IPv6 form")]
    [InlineData("64:ff9b::7f00:1", "a NAT64 address")]
    [InlineData("64:ff9b:1::a00:1", "a NAT64 address")]
    [InlineData("2002:7f00:1::", "a 6to4 address")]
    [InlineData("2001:0:53aa:64c::1", "a Teredo address")]
    [InlineData("64:ff9b::169.254.169.254", "a NAT64 address")]
    [InlineData("::ffff:0:127.0.0.1", "not part of the public internet")]
    [InlineData("2001:20::1", "reserved")]
    [InlineData("2001:db8::1", "for documentation")]
    [InlineData("3fff::1", "for documentation")]
    [InlineData("192.0.2.1", "for documentation")]
    [InlineData("198.51.100.1", "for documentation")]
    [InlineData("203.0.113.1", "for documentation")]
    [InlineData("fc00::1", "unique-local")]
    [InlineData("fd12:3456::1", "unique-local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("100::1", "not part of the public internet")]
    [InlineData("5f00::1", "not part of the public internet")]
    public void Refuses_what_is_not_public(string address, string reason) =>
        Assert.Equal(reason, AddressPolicy.Refuse(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void Lets_public_addresses_pass(string address) => Assert.Null(AddressPolicy.Refuse(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:1]:{0}/")]
    [InlineData("http://[::]:{0}/")]
    [InlineData("http://0:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://017700000001:{0}/")]
    [InlineData("http://１２７.０.０.１:{0}/")]
    [InlineData("http://①②⑦.⓪.⓪.①:{0}/")]
    [InlineData("http://localhost:{0}/")]
    public async Task Nothing_listening_here_is_reached_without_an_entry(string form)
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var sender = new GuardedSender((_, _, _) => false, TimeProvider.System);
        var result = await sender.PostAsync(Post(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, receiver.Port)), default);
        Assert.Equal(AttemptOutcome.Blocked, result.Outcome);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Name_that_answers_differently_the_second_time_is_checked_again()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var asked = 0;
        var inside = false;
        using var sender = new GuardedSender(
            (host, port, address) => !inside && host == "rebind.example" && port == receiver.Port && IPAddress.IsLoopback(address),
            TimeProvider.System,
            (_, _) =>
            {
                asked++;
                return Task.FromResult<IPAddress[]>([inside ? IPAddress.Parse("169.254.169.254") : IPAddress.Loopback]);
            });
        var url = $"http://rebind.example:{receiver.Port}/";
        Assert.True((await sender.PostAsync(Post(url), default)).Succeeded);
        inside = true;
        var second = await sender.PostAsync(Post(url), default);
        Assert.Equal(AttemptOutcome.Blocked, second.Outcome);
        Assert.Contains("169.254.169.254, which is link-local", second.Detail, StringComparison.Ordinal);
        Assert.Equal(2, asked);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task Of_several_addresses_only_the_permitted_one_is_dialled()
    {
        await using var receiver = RawReceiver.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var dialled = new List<IPAddress>();
        using var sender = new GuardedSender(
            (_, _, address) => address.Equals(IPAddress.Loopback), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.1"), IPAddress.Loopback]));
        Assert.True((await sender.PostAsync(Post($"http://mixed.example:{receiver.Port}/"), default)).Succeeded);
    }

    private static OutgoingPost Post(string url) => new()
    {
        Url = url,
        ContentType = "application/json",
        Body = Encoding.UTF8.GetBytes("{}"),
        Timeout = TimeSpan.FromSeconds(10),
    };
}
