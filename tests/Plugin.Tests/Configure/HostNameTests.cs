using System.Net;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;

namespace Plugin.Tests.Configure;

/// <summary>Hosts that .NET reads as part of an address, and of which it says only later that they are no names.</summary>
public sealed class HostNameTests
{
    // Found by trying: the letter combines with the one before it, of which there is none.
    private static readonly string[] All = ["\u0301.example", "a\u200d.example", "xn--a.example", "xn--0.example", "\u00ad.example", "a\u0640\u0301b.example", "xn--zzzzzzzzzzz.example"];

    public static TheoryData<string> Hosts => [.. All];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task An_address_with_such_a_host_is_refused_and_one_that_is_called_all_the_same_is_told(string host)
    {
        var url = $"http://{host}/";
        var cannotBeLookedUp = Uri.TryCreate(url, UriKind.Absolute, out var uri) && Throws(() => _ = uri!.IdnHost);
        if (cannotBeLookedUp)
        {
            Assert.Contains("cannot be looked up", AddressRules.Find(url)!.Value.What, StringComparison.Ordinal);
            Assert.False(ProxyAddress.TryParse(url, out _));
        }
        using var sender = new GuardedSender((_, _, _) => true, TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([]));
        var result = await sender.PostAsync(
            new OutgoingPost { Url = url, ContentType = "text/plain", Body = "x"u8.ToArray(), Timeout = TimeSpan.FromSeconds(20) }, CancellationToken.None);
        Assert.Contains(result.Outcome, (AttemptOutcome[])[AttemptOutcome.BadUrl, AttemptOutcome.DnsFailed]);
    }

    [Fact]
    public void Some_of_them_are_such() =>
        Assert.Contains(All, host => Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri) && Throws(() => _ = uri.IdnHost));

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (UriFormatException)
        {
            return true;
        }
    }
}
