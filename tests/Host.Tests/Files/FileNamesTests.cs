using System.Text;
using SampleHost.Files;

namespace Host.Tests.Files;

public sealed class FileNamesTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData(null, "file")]
    [InlineData("", "file")]
    [InlineData("   ", "file")]
    [InlineData(".", "file")]
    [InlineData("../../x", "x")]
    [InlineData("a/b\\c.txt", "c.txt")]
    [InlineData("dir/", "file")]
    [InlineData("nul", "_nul")]
    [InlineData("COM1.tar.gz", "_COM1.tar.gz")]
    [InlineData("console.txt", "console.txt")]
    [InlineData("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt")]
    [InlineData("<b>|\"?*.txt", "_b_____.txt")]
    [InlineData("trailing. . .", "trailing")]
    [InlineData("\u202Egpj.exe", "gpj.exe")]
    [InlineData("a\uD800b.txt", "ab.txt")]
    [InlineData("e\u0301.txt", "\u00E9.txt")]
    [InlineData(".htaccess", "htaccess")]
    public void Names_are_made_safe(string? given, string expected) => Assert.Equal(expected, FileNames.MakeSafe(given));

    [Fact]
    public void Long_names_keep_their_ending_and_whole_characters()
    {
        var name = FileNames.MakeSafe(new string('ö', 300) + ".tiff");
        Assert.EndsWith("ö.tiff", name, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 190, 200);
        Assert.Equal(200, Encoding.UTF8.GetByteCount(FileNames.MakeSafe(new string('x', 500))));
    }

    [Theory]
    [InlineData("89504E470D0A1A0A00", "x.txt", null, "image/png")]
    [InlineData("FFD8FFE0", "x", null, "image/jpeg")]
    [InlineData("474946383961", "x", null, "image/gif")]
    [InlineData("52494646000000005745425056", "x", null, "image/webp")]
    [InlineData("49492A00", "x", null, "image/tiff")]
    [InlineData("255044462D312E37", "x", null, "application/pdf")]
    [InlineData("3C68746D6C3E", "fake.png", "image/png", "application/octet-stream")]
    [InlineData("3C68746D6C3E", "page.html", null, "text/html")]
    [InlineData("3C68746D6C3E", "x", "Image/PNG", "application/octet-stream")]
    [InlineData("00", "x", "application/x-thing", "application/x-thing")]
    [InlineData("00", "x", "not a type", "application/octet-stream")]
    [InlineData("", "x", null, "application/octet-stream")]
    public void The_content_counts_before_the_name_and_the_name_before_what_is_said(string head, string name, string? declared, string expected) =>
        Assert.Equal(expected, MediaTypes.Find(Convert.FromHexString(head), name, declared));

    [Theory]
    [InlineData("image/png", true)]
    [InlineData("image/svg+xml", false)]
    [InlineData("text/html", false)]
    [InlineData("application/pdf", false)]
    public void Only_raster_images_are_shown_in_place(string mediaType, bool expected) => Assert.Equal(expected, MediaTypes.IsSafeInline(mediaType));
}
