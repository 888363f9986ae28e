using System.Text;
using System.Text.Json;
using SampleHost.Files;
using SampleHost.Records;

namespace Host.Tests.Files;

/// <summary>What images say of themselves fills empty fields, in the same save as the image.</summary>
public sealed class EmbeddedMetadataTests(RunningHost host) : IClassFixture<RunningHost>
{
    private const int ImageDescription = 0x010E;
    private const int Artist = 0x013B;
    private const int Copyright = 0x8298;

    [Fact]
    public async Task Exif_fills_empty_fields_of_an_insert_and_leaves_given_ones()
    {
        var image = TestImage.Jpeg(exif: new Dictionary<int, string>
        {
            [ImageDescription] = "Two boats",
            [Artist] = "Ada; Bert",
            [Copyright] = "City Archive",
        });
        var record = await InsertAsync("""{"title":"Boats","type":"image","fields":{"rights":["Mine"]}}""", image);

        Assert.Equal("Boats", Value(record, "title"));
        Assert.Equal("Two boats", Value(record, "description"));
        Assert.Equal("Ada|Bert", Value(record, "creator"));
        Assert.Equal("Mine", Value(record, "rights"));
        Assert.Equal(1, record.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Iptc_and_xmp_are_read_too_and_xmp_counts_first()
    {
        var iptc = TestImage.Jpeg(iptc: [(120, "Ein Schiff"), (80, "Zoë"), (25, "harbour"), (25, "ship"), (55, "20190421"), (116, "© Zoë")]);
        var record = await InsertAsync("""{"title":"Ship","type":"image"}""", iptc);
        Assert.Equal("Ein Schiff", Value(record, "description"));
        Assert.Equal("Zoë", Value(record, "creator"));
        Assert.Equal("harbour|ship", Value(record, "keywords"));
        Assert.Equal("2019-04-21", Value(record, "date"));
        Assert.Equal("© Zoë", Value(record, "rights"));

        var both = TestImage.Jpeg(iptc: [(120, "IPTC says")], xmp: TestImage.Xmp("T", "XMP says", ["One", "Two"], ["a", "b", "c"]));
        record = await InsertAsync("""{"title":"Both","type":"image"}""", both);
        Assert.Equal("XMP says", Value(record, "description"));
        Assert.Equal("One|Two", Value(record, "creator"));
        Assert.Equal("a|b|c", Value(record, "keywords"));
        Assert.Equal("2019-04-21", Value(record, "date"));
    }

    [Fact]
    public async Task An_appended_image_fills_what_is_empty_and_the_change_log_says_so()
    {
        var record = await InsertAsync("""{"title":"Later","fields":{"keywords":["mine"]}}""", null);
        var image = TestImage.Jpeg(xmp: TestImage.Xmp("Title inside", "Found inside", ["Ada"], ["theirs"]));
        using var body = new MultipartFormDataContent { { new ByteArrayContent(image), "file", "later.jpg" } };
        using var response = await host.Editor.PostAsync($"/api/records/{record.GetProperty("id")}/files", body);
        var after = await Answer.JsonAsync(response, 201);

        Assert.Equal(2, after.GetProperty("version").GetInt64());
        Assert.Equal("Later", Value(after, "title"));
        Assert.Equal("Found inside", Value(after, "description"));
        Assert.Equal("mine", Value(after, "keywords"));

        using var read = await host.SysAdmin.GetAsync("/api/changes?limit=1000");
        var changes = (await Answer.JsonAsync(read, 200)).GetProperty("changes").EnumerateArray()
            .Where(change => change.GetProperty("record").GetProperty("id").GetInt64() == record.GetProperty("id").GetInt64()).ToList();
        Assert.Equal(["RecordInserted", "RecordAppended", "FileAdded", "MetadataChanged"], changes.Select(change => change.GetProperty("kind").GetString()));
        Assert.Equal(["description", "creator", "date"], changes[3].GetProperty("changedFields").EnumerateArray().Select(field => field.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_broken_image_is_stored_all_the_same()
    {
        var image = TestImage.Jpeg(exif: new Dictionary<int, string> { [ImageDescription] = "never read" });
        for (var length = 3; length < image.Length - 40; length += 7)
        {
            var record = await InsertAsync("""{"title":"Broken","type":"image"}""", image[..length]);
            Assert.Equal("image/jpeg", record.GetProperty("files")[0].GetProperty("mediaType").GetString());
        }
    }

    [Fact]
    public void A_title_found_takes_the_place_of_a_made_up_one_only()
    {
        var type = new ContentTypes().Find("image")!;
        var present = Fields(("title", "IMG_0001"));
        var found = Fields(("title", "The harbour"));
        Assert.Equal("The harbour", EmbeddedMetadata.FillEmpty(type, present, found, titleIsDefault: true)["title"][0]);
        Assert.Equal("IMG_0001", EmbeddedMetadata.FillEmpty(type, present, found, titleIsDefault: false)["title"][0]);
    }

    [Fact]
    public void What_a_field_would_refuse_is_left_out()
    {
        var type = new ContentTypes().Find("image")!;
        var found = Fields(("rights", new string('x', 501)), ("nothing", "x"), ("creator", "fine"));
        Assert.Equal(["creator", "title"], EmbeddedMetadata.FillEmpty(type, Fields(("title", "t")), found, false).Keys.Order());
    }

    [Theory]
    [InlineData("2019:04:21 10:00:00", "2019-04-21")]
    [InlineData("20190421", "2019-04-21")]
    [InlineData("2019-04-21T10:00:00Z", "2019-04-21")]
    [InlineData("2019", "2019")]
    [InlineData("0000:00:00 00:00:00", null)]
    [InlineData(null, null)]
    public void Dates_of_all_three_forms_are_read(string? text, string? expected) => Assert.Equal(expected, EmbeddedMetadata.ToDate(text));

    private static Dictionary<string, IReadOnlyList<string>> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => (IReadOnlyList<string>)[field.Value]);

    private static string Value(JsonElement record, string field) =>
        string.Join('|', record.GetProperty("fields").GetProperty(field).EnumerateArray().Select(value => value.GetString()));

    private async Task<JsonElement> InsertAsync(string record, byte[]? image)
    {
        using var body = new MultipartFormDataContent { { new StringContent(record, Encoding.UTF8, "application/json"), "record" } };
        if (image is not null)
            body.Add(new ByteArrayContent(image), "file", "image.jpg");
        using var response = await host.Editor.PostAsync("/api/records", body);
        return await Answer.JsonAsync(response, 201);
    }
}
