using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SampleHost.Files;
using SampleHost.Storage;

namespace Host.Tests.Files;

/// <summary>Uploads that end too soon, do not fit, or are called something hostile.</summary>
public sealed class BrokenUploadTests
{
    [Theory]
    [InlineData("raw")]
    [InlineData("multipart")]
    [InlineData("chunked")]
    public async Task An_upload_cut_off_half_way_leaves_nothing_and_logs_nothing(string form)
    {
        var ends = new RequestEnds();
        await using var own = new Disposing(await RunningHost.StartAsync(builder => builder.Services.AddSingleton<IStartupFilter>(ends)));
        var host = own.Host;
        var id = (await host.InsertAsync(new { title = "Whole" })).GetProperty("id").GetInt64();
        using var body = new MultipartFormDataContent { { new StringContent("whole"), "file", "whole.txt" } };
        using var appended = await host.Editor.PostAsync($"/api/records/{id}/files", body);
        var url = (await Answer.JsonAsync(appended, 201)).GetProperty("files")[0].GetProperty("url").GetString()!;
        var before = await host.SysAdmin.GetStringAsync("/api/changes");
        await ends.ForgetAsync();

        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(host.BaseUri.Host, host.BaseUri.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Beginning(form, id, url, host.BaseUri.Authority)));
            await socket.GetStream().WriteAsync(new byte[300_000]);
            await ends.Reading.ReadAsync();
        }

        await ends.Ended.ReadAsync();
        Assert.Equal(before, await host.SysAdmin.GetStringAsync("/api/changes"));
        Assert.Equal("whole", await host.Editor.GetStringAsync(url));
        Assert.Single(Directory.GetFiles(Path.Combine(host.DataDirectory, "files"), "*", SearchOption.AllDirectories));
    }

    private static string Beginning(string form, long id, string url, string authority)
    {
        var common = $"Host: {authority}\r\nAuthorization: {RunningHost.KeyOf("editor")}\r\n";
        return form switch
        {
            "raw" => $"PUT {url} HTTP/1.1\r\n{common}Content-Type: image/png\r\nContent-Length: 9000000\r\n\r\n",
            "chunked" => $"PUT {url} HTTP/1.1\r\n{common}Content-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n{1_000_000.ToString("x", CultureInfo.InvariantCulture)}\r\n",
            _ => $"POST /api/records/{id}/files HTTP/1.1\r\n{common}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"half.png\"\r\n\r\n",
        };
    }

    [Fact]
    public async Task A_full_disk_is_told_and_nothing_changes()
    {
        await using var own = new Disposing(await RunningHost.StartAsync());
        var host = own.Host;
        var record = await host.InsertAsync(new { title = "Small disk" });
        var files = Directory.CreateDirectory(Path.Combine(host.DataDirectory, "files")).FullName;
        // A real file system of one megabyte; where it cannot be mounted the classification below is the test.
        if (!OperatingSystem.IsLinux() || !await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", files))
            return;
        try
        {
            var before = await host.SysAdmin.GetStringAsync("/api/changes");
            using var body = new MultipartFormDataContent { { new ByteArrayContent(new byte[4_000_000]), "file", "big.bin" } };
            using var response = await host.Editor.PostAsync($"/api/records/{record.GetProperty("id")}/files", body);
            await Answer.ProblemAsync(response, 507);
            Assert.Equal(before, await host.SysAdmin.GetStringAsync("/api/changes"));
            Assert.Empty(Directory.GetFiles(files, "*", SearchOption.AllDirectories));

            using var small = new MultipartFormDataContent { { new ByteArrayContent(new byte[4_000]), "file", "small.bin" } };
            using var fits = await host.Editor.PostAsync($"/api/records/{record.GetProperty("id")}/files", small);
            await Answer.JsonAsync(fits, 201);
        }
        finally
        {
            Assert.True(await RunAsync("umount", files));
        }
    }

    [Fact]
    public void A_full_disk_is_recognised()
    {
        Assert.Equal(StorageTrouble.Full, new SqliteEngine("no.db").Judge(new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13)));
        Assert.False(DiskFull.Is(new IOException("something else")));
        if (!OperatingSystem.IsLinux())
            return;
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        Assert.True(DiskFull.Is(Assert.Throws<IOException>(() => full.Write(new byte[10]))));
    }

    private static async Task<bool> RunAsync(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program here.
            return false;
        }
    }

    /// <summary>Tells when an upload is being read and when a request is over, whichever way it ended.</summary>
    private sealed class RequestEnds : IStartupFilter
    {
        private int _underWay;
        private readonly Channel<bool> _reading = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> _ended = Channel.CreateUnbounded<bool>();

        public ChannelReader<bool> Reading => _reading.Reader;

        public ChannelReader<bool> Ended => _ended.Reader;

        /// <summary>Forgets what was answered so far. A request ends after its answer is read.</summary>
        public async Task ForgetAsync()
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (Volatile.Read(ref _underWay) > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
            while (_reading.Reader.TryRead(out _) || _ended.Reader.TryRead(out _))
            {
            }
        }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate rest) =>
            {
                try
                {
                    Interlocked.Increment(ref _underWay);
                    _reading.Writer.TryWrite(true);
                    await rest(context);
                }
                finally
                {
                    _ended.Writer.TryWrite(true);
                    Interlocked.Decrement(ref _underWay);
                }
            });
            next(app);
        };
    }
}
