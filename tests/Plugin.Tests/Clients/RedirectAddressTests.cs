using Plugin.ApiWebhooks.Clients;

namespace Plugin.Tests.Clients;

public sealed class RedirectAddressTests
{
    [Theory]
    [InlineData("https://app.example.org/callback", true)]
    [InlineData("http://localhost:8080/callback", true)]
    [InlineData("http://127.0.0.1/", true)]
    [InlineData("org.example.app:/callback", true)]
    [InlineData("http://app.example.org/", false)]
    [InlineData("https://app.example.org/#f", false)]
    [InlineData("https://user:secret@app.example.org/", false)]
    [InlineData("https://app.example.org/a b", false)]
    [InlineData("https://app.example.org/\r\nX: y", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("/callback", false)]
    [InlineData("//evil.example/", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Redirect_addresses_are_those_that_only_the_application_can_have(string address, bool isGood) =>
        Assert.Equal(isGood, RedirectAddress.FindObjection(address) is null);
}
