using Plugin.ApiWebhooks.Dialects.CloudEvents;

namespace Plugin.Tests.Dialects;

/// <summary>How the answer to CloudEvents' handshake is understood.</summary>
public sealed class AbuseProtectionTests
{
    [Theory]
    [InlineData("dam.example.org", null, null, true)]
    [InlineData("DAM.example.org", "*", null, true)]
    [InlineData("other.example, dam.example.org", "60", 1.0, true)]
    [InlineData("*", "ten", null, true)]
    [InlineData("dam.example.org.evil.example", null, null, false)]
    [InlineData("", null, null, false)]
    public void Answers_are_understood(string origin, string? rate, double? perSecond, bool isPermitted)
    {
        var permission = AbuseProtection.Judge("dam.example.org", origin, rate);
        Assert.Equal((isPermitted, perSecond), (permission.Objection is null, permission.Rate?.PerSecond));
    }
}
