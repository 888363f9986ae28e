using SampleHost.EditPage;

namespace Host.Tests.EditPage;

public sealed class PressKeysTests
{
    private static readonly KeyValuePair<string, string>[] Form = [new("version", "1"), new("f.title", "A"), new("f.keywords", "x")];

    [Fact]
    public void The_same_form_and_button_have_the_same_key_in_the_shape_contributors_are_promised()
    {
        var page = PressKeys.New();
        var key = PressKeys.Of(page, Form, "P:b");
        Assert.Equal(key, PressKeys.Of(page, [.. Form.Reverse()], "P:b"));
        Assert.Equal(key, PressKeys.Of(page, [.. Form, new("press", "P:b"), new("confirmed", "P:b")], "P:b"));
        Assert.Matches("^[0-9a-z-]{1,64}$", key);
    }

    [Fact]
    public void Another_page_button_or_value_has_another_key()
    {
        var page = PressKeys.New();
        string[] keys =
        [
            PressKeys.Of(page, Form, "P:b"),
            PressKeys.Of(page, Form, "P:c"),
            PressKeys.Of(PressKeys.New(), Form, "P:b"),
            PressKeys.Of(page, [new("version", "1"), new("f.title", "B"), new("f.keywords", "x")], "P:b"),
            PressKeys.Of(page, [new("version", "1"), new("f.title", "A\n1:f"), new("f.keywords", "x")], "P:b"),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0123456789abcdef0123456789abcdef", true)]
    [InlineData("0123456789ABCDEF0123456789ABCDEF", false)]
    [InlineData("../../etc/passwd0123456789abcdef", false)]
    public void Only_keys_of_this_host_are_keys(string? text, bool expected) => Assert.Equal(expected, PressKeys.IsKey(text));
}
