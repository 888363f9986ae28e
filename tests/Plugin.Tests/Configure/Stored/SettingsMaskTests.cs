using System.Text.Json.Nodes;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;

namespace Plugin.Tests.Configure.Stored;

public sealed class SettingsMaskTests
{
    [Theory]
    [InlineData("https://a.example.org/x", "https://a.example.org/x")]
    [InlineData("https://u:p@a.example.org", "https://***@a.example.org")]
    [InlineData("https://u:p@x@a.example.org/a@b?c=d&e&f=", "https://***@a.example.org/a@b?c=***&e&f=")]
    [InlineData("https://a.example.org?key=1#part", "https://a.example.org?key=***#part")]
    [InlineData("https://a.example.org/{/sys/id}?lang={/lang}", "https://a.example.org/{/sys/id}?lang=***")]
    [InlineData("nothing", "nothing")]
    [InlineData("", "")]
    public void Addresses_lose_user_info_and_values_and_get_them_back(string url, string masked)
    {
        Assert.Equal(masked, SettingsMask.MaskUrl(url));
        Assert.Equal(url, SettingsMask.UnmaskUrl(masked, url));
    }

    [Fact]
    public void What_was_changed_in_an_address_stays_changed()
    {
        const string Former = "https://u:p@a.example.org/old?key=one&tenant=two";
        Assert.Equal("https://u:p@b.example.org/new?tenant=two&key=three", SettingsMask.UnmaskUrl("https://***@b.example.org/new?tenant=***&key=three", Former));
        Assert.Equal("https://a.example.org/new?other=***", SettingsMask.UnmaskUrl("https://a.example.org/new?other=***", Former));
    }

    [Fact]
    public void Secret_options_are_starred_whatever_their_letter_case_and_shape()
    {
        var settings = JsonNode.Parse("""{ "SECRET": "whsec_x", "Headers": { "X-A": { "value": "one", "secret": true }, "X-B": "" }, "label": "whsec_x" }""")!.AsObject();
        var masked = SettingsMask.Mask(settings, HookOptions.All);
        Assert.Equal("""{"SECRET":"***","Headers":{"X-A":{"value":"***","secret":true},"X-B":""},"label":"whsec_x"}""", masked.ToJsonString());
        Assert.True(JsonNode.DeepEquals(settings, SettingsMask.Unmask(masked, settings, HookOptions.All)));
        Assert.Equal(["SECRET", "Headers.X-A.value"], SettingsMask.FindStars(masked, HookOptions.All));
    }

    [Theory]
    [InlineData("https://u:p@a.example.org/x?key=one", "https://***@a.example.org/y?key=***", true)]
    [InlineData("https://a.example.org/x", "https://A.example.org?lang=en", true)]
    [InlineData("https://u:p@a.example.org/x?key=one", "https://***@b.example.org/x?key=***", false)]
    [InlineData("https://a.example.org/x", "http://a.example.org/x", false)]
    [InlineData("https://a.example.org/x", "https://a.example.org:8443/x", false)]
    [InlineData("https://u:p@a.example.org/x", "https://***@a.example.org@b.example.org/x", false)]
    public void What_is_sent_is_kept_for_the_same_server_only(string former, string url, bool isKept)
    {
        var stored = new JsonObject { ["url"] = former, ["secret"] = "whsec_x", ["headers"] = new JsonObject { ["X-A"] = "one" } };
        var given = new JsonObject { ["url"] = url, ["secret"] = "***", ["headers"] = new JsonObject { ["X-A"] = "***" } };
        var whole = SettingsMask.Unmask(given, stored, HookOptions.All);
        Assert.Equal("whsec_x", whole["secret"]!.ToString());
        Assert.Equal(isKept ? "one" : "***", whole["headers"]!["X-A"]!.ToString());
        string[] unkept = url.Contains("***@b.", StringComparison.Ordinal) ? ["url", "headers.X-A"] : ["headers.X-A"];
        Assert.Equal(isKept ? [] : unkept, SettingsMask.FindStars(whole, HookOptions.All));
    }
}
