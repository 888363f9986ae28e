using System.Net;
using Plugin.ApiWebhooks.Configure;

namespace Plugin.Tests.Configure;

public sealed class AllowEntryTests
{
    [Theory]
    [InlineData("cms.internal:8080", "cms.internal", 8080, "10.0.0.1", true)]
    [InlineData("CMS.internal:8080", "cms.INTERNAL.", 8080, "10.0.0.1", true)]
    [InlineData("cms.internal:8080", "cms.internal", 8081, "10.0.0.1", false)]
    [InlineData("cms.internal:8080", "evil.cms.internal", 8080, "10.0.0.1", false)]
    [InlineData("127.0.0.1:5080", "127.0.0.1", 5080, "127.0.0.1", true)]
    [InlineData("127.0.0.1:5080", "localhost", 5080, "127.0.0.1", false)]
    [InlineData("http://127.0.0.1:5080", "127.0.0.1", 5080, "127.0.0.1", true)]
    [InlineData("http://127.0.0.1:5080/", "127.0.0.1", 80, "127.0.0.1", false)]
    [InlineData("https://cms.internal", "cms.internal", 443, "10.0.0.1", true)]
    [InlineData("[::1]:5080", "[::1]", 5080, "::1", true)]
    [InlineData("[::1]:5080", "::1", 5080, "::1", true)]
    [InlineData("10.1.0.0/16", "anything", 1, "10.1.255.255", true)]
    [InlineData("10.1.0.0/16", "anything", 1, "10.2.0.0", false)]
    [InlineData("10.1.0.0/16", "anything", 1, "::ffff:10.1.2.3", true)]
    [InlineData("192.168.1.5", "anything", 1, "192.168.1.5", true)]
    [InlineData("192.168.1.5", "anything", 1, "192.168.1.6", false)]
    [InlineData("::1", "anything", 1, "::1", true)]
    [InlineData("fd00::/8", "anything", 1, "fd12::1", true)]
    public void An_entry_lets_through_what_it_names_and_nothing_else(string entry, string host, int port, string address, bool expected)
    {
        Assert.True(AllowEntry.TryParse(entry, out var allowed));
        Assert.Equal(expected, allowed.Allows(host, port, IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("cms.internal")]
    [InlineData("cms.internal:0")]
    [InlineData("cms.internal:70000")]
    [InlineData("*:80")]
    [InlineData("*")]
    [InlineData("10.0.0.0/99")]
    [InlineData("ftp://cms:21")]
    [InlineData("")]
    public void Whatever_is_not_exact_is_no_entry(string entry) => Assert.False(AllowEntry.TryParse(entry, out _));
}
