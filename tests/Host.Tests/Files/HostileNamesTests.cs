using System.Text;

namespace Host.Tests.Files;

public sealed class HostileNamesTests(RunningHost host) : IClassFixture<RunningHost>
{
    public static TheoryData<string, string> HostileNames => new()
    {
        { "filename=\"../../etc/passwd\"", "passwd" },
        { "filename=\"C:\\\\windows\\\\system32\\\\evil.exe\"", "evil.exe" },
        { "filename=\"a\0b.txt\"", "ab.txt" },
        { "filename=\"..\"", "file" },
        { "filename=\"\"", "file" },
        { "filename=\"CON.txt\"", "_CON.txt" },
        { "filename*=UTF-8''gpj%E2%80%AEexe.txt", "gpjexe.txt" },
        { "filename*=UTF-8''%C3%A9t%C3%A9.png", "été.png" },
        { "filename=\"" + new string('n', 300) + ".jpeg\"", new string('n', 195) + ".jpeg" },
    };

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_name_becomes_a_safe_one(string fileName, string expected)
    {
        var id = (await host.InsertAsync(new { title = "Names" })).GetProperty("id").GetInt64();
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"file\"; {fileName}\r\n\r\nx\r\n--b--\r\n"));
        body.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var response = await host.Editor.PostAsync($"/api/records/{id}/files", body);
        var file = (await Answer.JsonAsync(response, 201)).GetProperty("files")[0];
        Assert.Equal(expected, file.GetProperty("name").GetString());
        // Nothing of the name reaches the disk.
        var stored = Assert.Single(Directory.GetFiles(Path.Combine(host.DataDirectory, "files"), "*", SearchOption.AllDirectories));
        Assert.Equal(file.GetProperty("sha256").GetString(), Path.GetFileName(stored));
    }
}
