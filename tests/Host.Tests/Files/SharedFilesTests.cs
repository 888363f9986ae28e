using System.Security.Cryptography;
using System.Text;
using SampleHost.Files;
using Tests.Postgres;

namespace Host.Tests.Files;

/// <summary>Two hosts on one PostgreSQL database keep their files in one folder, as behind a load balancer.</summary>
public sealed class SharedFilesTests : IAsyncLifetime
{
    private static readonly string s_hash = Convert.ToHexStringLower(SHA256.HashData("content"u8));

    private readonly string _files = Path.Combine(Directory.CreateTempSubdirectory("dam-files-").FullName, "shared");
    private RunningHost _one = null!;
    private RunningHost _other = null!;

    private string Stored => Path.Combine(_files, s_hash[..2], s_hash[2..4], s_hash);

    public async Task InitializeAsync()
    {
        var storage = PostgresServer.NewDatabase();
        string[] arguments = ["--Host:FilesDirectory", _files];
        _one = new RunningHost { Postgres = storage, Arguments = arguments };
        _other = new RunningHost { Postgres = storage, Arguments = arguments, WithAccounts = false };
        await _one.InitializeAsync();
        await _other.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_files)!, recursive: true);
    }

    [PostgresFact]
    public async Task What_is_uploaded_to_one_is_downloaded_from_the_other()
    {
        var url = await UploadAsync(_one, "From one");
        Assert.Equal("content", await _other.Viewer.GetStringAsync(url));
        Assert.True(File.Exists(Stored));
        Assert.False(Directory.Exists(Path.Combine(_one.DataDirectory, "files")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_files));
    }

    [PostgresFact]
    public async Task Content_that_one_has_just_received_is_not_removed_by_the_other()
    {
        var url = await UploadAsync(_one, "First");
        GrowOld(Stored);
        // The same content comes to the other host, which has not saved it yet when the first loses its last use of it.
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("content"));
        var received = await _other.Get<FileStore>().ReceiveAsync("again.txt", null, content, default);
        await DeleteAsync(_one, url);
        await using (var stored = _other.Get<FileStore>().OpenRead(received.Sha256))
            Assert.Equal("content".Length, stored.Length);

        // It was not wanted after all; both let it go, and it goes once it is old.
        await _other.Get<FileStore>().ReleaseAsync([received], saved: false);
        Assert.True(File.Exists(Stored));
        GrowOld(Stored);
        await _one.Get<FileStore>().SweepAsync(default);
        Assert.Empty(Directory.EnumerateFiles(_files, "*", SearchOption.AllDirectories));
    }

    [PostgresFact]
    public async Task Old_content_without_a_use_goes_at_once_and_used_content_never()
    {
        var (first, second) = (await UploadAsync(_one, "First"), await UploadAsync(_other, "Second"));
        GrowOld(Stored);
        await DeleteAsync(_one, first);
        Assert.Equal("content", await _one.Viewer.GetStringAsync(second));
        await DeleteAsync(_other, second);
        Assert.Empty(Directory.EnumerateFiles(_files, "*", SearchOption.AllDirectories));
    }

    [PostgresFact]
    public async Task A_host_that_starts_leaves_alone_what_another_is_receiving()
    {
        await UploadAsync(_one, "Makes the folder");
        var (underway, left) = (Path.Combine(_files, "incoming", "underway"), Path.Combine(_files, "incoming", "left"));
        await File.WriteAllTextAsync(underway, "half");
        await File.WriteAllTextAsync(left, "half");
        GrowOld(left);
        await _other.RestartAsync();
        Assert.True(File.Exists(underway));
        Assert.False(File.Exists(left));
    }

    private static async Task<string> UploadAsync(RunningHost host, string title)
    {
        var id = (await host.InsertAsync(new { title })).GetProperty("id").GetInt64();
        using var body = new MultipartFormDataContent { { new StringContent("content"), "file", "content.txt" } };
        using var response = await host.Editor.PostAsync($"/api/records/{id}/files", body);
        return (await Answer.JsonAsync(response, 201)).GetProperty("files")[0].GetProperty("url").GetString()!;
    }

    private static async Task DeleteAsync(RunningHost host, string contentUrl)
    {
        using var response = await host.Editor.DeleteAsync(contentUrl[..contentUrl.LastIndexOf('/')]);
        Assert.Equal(204, (int)response.StatusCode);
    }

    private static void GrowOld(string path) => File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime - FileStore.SharedGrace * 2);
}
