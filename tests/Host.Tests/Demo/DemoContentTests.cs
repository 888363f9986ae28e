using System.Text.Json;
using Host.Tests.Pages;
using SampleHost.Accounts;
using SampleHost.Demo.Content;

namespace Host.Tests.Demo;

/// <summary>What the demo puts into a new data directory, and that it puts nothing anywhere else.</summary>
public sealed class DemoContentTests(DemoHost demo) : IClassFixture<DemoHost>
{
    [Fact]
    public async Task A_new_data_directory_gets_a_dozen_records_whose_images_can_be_read()
    {
        var records = await demo.RecordsAsync("sysadmin");

        Assert.True(records.Count >= 12, $"There are {records.Count} records.");
        var files = records.SelectMany(record => record.GetProperty("files").EnumerateArray()).ToList();
        Assert.True(files.Count >= 12, $"There are {files.Count} files.");
        foreach (var file in files)
        {
            var content = await demo.Client("sysadmin").GetByteArrayAsync(file.GetProperty("url").GetString());
            Assert.Equal(file.GetProperty("length").GetInt64(), content.Length);
            Assert.Equal("image/jpeg", file.GetProperty("mediaType").GetString());
        }

        Assert.InRange(files.Sum(file => file.GetProperty("length").GetInt64()), 1, 1_500_000);
    }

    [Fact]
    public async Task The_records_show_what_records_can_be()
    {
        var records = await demo.RecordsAsync("sysadmin");

        Assert.Contains(records, record => record.GetProperty("private").GetBoolean());
        Assert.Contains(records, record => record.GetProperty("draft").GetBoolean());
        Assert.Contains(records, record => record.GetProperty("files").GetArrayLength() > 1);
        Assert.True(records.Select(record => record.GetProperty("type").GetString()).Distinct().Count() >= 4);
        Assert.True(records.Select(record => record.GetProperty("language").GetString()).Distinct().Count() >= 3);
        Assert.True(records.Count(record => !record.GetProperty("fields").TryGetProperty("cmsid", out _) && record.GetProperty("type").GetString() == "object") >= 3,
            "Some objects must be left for the newcomer to type a number.");
    }

    [Fact]
    public async Task Metadata_embedded_in_the_photograph_filled_its_fields()
    {
        var photograph = (await demo.RecordsAsync("editor")).Single(record => record.GetProperty("title").GetString() == "Corriemere at dusk");

        Assert.Equal("Ines Aalto", photograph.GetProperty("fields").GetProperty("creator")[0].GetString());
        Assert.Equal(3, photograph.GetProperty("fields").GetProperty("keywords").GetArrayLength());
    }

    [Fact]
    public async Task A_viewer_sees_neither_the_private_record_nor_the_draft()
    {
        var seen = await demo.RecordsAsync("viewer");

        Assert.DoesNotContain(seen, record => record.GetProperty("private").GetBoolean() || record.GetProperty("draft").GetBoolean());
        Assert.Equal((await demo.RecordsAsync("sysadmin")).Count - 2, seen.Count);
    }

    [Fact]
    public async Task Each_account_signs_in_with_its_published_password()
    {
        foreach (var account in DemoAccounts.All)
        {
            using var visitor = await demo.SignInAsync(account.Name);
            Assert.Contains(account.DisplayName, (await visitor.GetAsync("/")).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_change_log_tells_the_key_by_its_name()
    {
        var id = await demo.InsertAsync(null);

        using var answer = await demo.Client("sysadmin").GetAsync("/api/changes?after=0&limit=1000");
        var change = (await Answer.JsonAsync(answer, 200)).GetProperty("changes").EnumerateArray()
            .Last(change => change.GetProperty("record") is { ValueKind: JsonValueKind.Object } record && record.GetProperty("id").GetInt64() == id);
        Assert.Equal("demo-editor", change.GetProperty("actor").GetProperty("apiKeyName").GetString());
    }

    [Fact]
    public async Task The_sign_in_page_lists_the_accounts()
    {
        using var visitor = new PageVisitor(demo.Host.BaseUri);

        var text = (await visitor.GetAsync("/signin")).Text;

        Assert.All(DemoAccounts.All, account => Assert.Contains(account.Password, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_printed_welcome_names_address_accounts_and_keys()
    {
        var text = DemoWelcome.Describe(DemoAccounts.All, new Uri("http://127.0.0.1:5080/"));

        Assert.Contains("http://127.0.0.1:5080/", text, StringComparison.Ordinal);
        Assert.All(DemoAccounts.All, account =>
        {
            Assert.Contains(account.Password, text, StringComparison.Ordinal);
            Assert.Contains(account.Key, text, StringComparison.Ordinal);
        });
    }
}

/// <summary>Where the demo must stay away.</summary>
public sealed class NoDemoTests
{
    private static readonly string[] DemoAddresses = ["/demo/cms/fetch?resource_id=1", "/demo/cms/push?resource_id=1", "/demo/receiver", "/demo/receiver/docuteam"];

    [Theory]
    [InlineData("Production", "true")]
    [InlineData("Production", null)]
    [InlineData("Staging", null)]
    [InlineData("Development", "false")]
    public async Task Without_the_demo_there_are_no_accounts_no_records_and_no_receiver(string environment, string? demo)
    {
        string[] arguments = ["--environment", environment, .. demo is null ? Array.Empty<string>() : ["--Host:Demo", demo]];
        var host = await RunningHost.StartAsync(arguments: arguments, withAccounts: false);
        try
        {
            Assert.False(host.Get<Users>().Any());
            foreach (var address in DemoAddresses)
            {
                using var body = new StringContent("1");
                using var answer = await host.Nobody.PostAsync(address, body);
                Assert.Equal(404, (int)answer.StatusCode);
            }

            using var page = await host.Nobody.GetAsync("/signin");
            Assert.DoesNotContain("editor-demo", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var withKey = host.Client(null);
            withKey.DefaultRequestHeaders.Add("X-Api-Key", "demo-sysadmin-key");
            using var refused = await withKey.GetAsync("/api/records");
            Assert.Equal(401, (int)refused.StatusCode);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_restart_makes_nothing_twice()
    {
        var demo = new DemoHost();
        await demo.InitializeAsync();
        try
        {
            var before = await demo.RecordsAsync("sysadmin");
            await demo.Host.RestartAsync();
            Assert.Equal(before.Count, (await demo.RecordsAsync("sysadmin")).Count);
        }
        finally
        {
            await demo.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_data_directory_with_accounts_of_its_own_gets_no_demo()
    {
        // The folder of a host that ran without the demo, left as it was when that host stopped.
        var data = Directory.CreateTempSubdirectory("dam-test-used-").FullName;
        try
        {
            var first = await RunningHost.StartAsync(arguments: ["--Host:DataDirectory", data]);
            await first.DisposeAsync();

            var second = await RunningHost.StartAsync(arguments: [.. DemoHost.Arguments, "--Host:DataDirectory", data], withAccounts: false);
            Assert.Null(second.Get<Users>().FindByKeyHash(ApiKeys.Hash("demo-editor-key")));
            using var page = await second.Nobody.GetAsync("/signin");
            Assert.DoesNotContain("editor-demo", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await second.DisposeAsync();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
