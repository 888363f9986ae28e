namespace EndToEnd.Tests.Kill;

/// <summary>Two hosts on one data folder would send everything twice: the second one is refused, and a host that was killed stands in nobody's way.</summary>
public sealed class SecondHostTests
{
    [Fact]
    public async Task A_second_host_on_the_same_data_is_refused_until_the_first_is_gone()
    {
        await using var first = await HostProcess.StartAsync();
        var options = new HostProcessOptions { Folder = first.Folder, WithApiWebhooks = false };
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(options));
        Assert.Contains("is in use by another host", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Host:DataDirectory", refused.Message, StringComparison.Ordinal);

        using (var response = await first.Client.GetAsync("/healthz"))
            Assert.True(response.IsSuccessStatusCode, "The first host did not go on.");
        await first.KillAsync();
        await using var second = await HostProcess.StartAsync(options);
        using var health = await second.Client.GetAsync("/healthz");
        Assert.DoesNotContain("Failed", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_host_with_data_of_its_own_does_not_get_the_first_ones_deliveries()
    {
        var shared = Directory.CreateTempSubdirectory("dam-shared-");
        try
        {
            var config = $$"""{ "storage": { "file": {{System.Text.Json.JsonSerializer.Serialize(Path.Combine(shared.FullName, "webhooks.db"))}} } }""";
            await using var first = await HostProcess.StartAsync(new HostProcessOptions { Config = config });
            await using var second = await HostProcess.StartAsync(new HostProcessOptions { Config = config });
            using var health = await second.Client.GetAsync("/healthz");
            var report = await health.Content.ReadAsStringAsync();
            Assert.Contains("in use by another process", report, StringComparison.Ordinal);
            Assert.True(health.IsSuccessStatusCode, "A plugin that fails does not take the host down.");
        }
        finally
        {
            shared.Delete(recursive: true);
        }
    }
}
