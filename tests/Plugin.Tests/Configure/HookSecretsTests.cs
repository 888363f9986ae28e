using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Queue;

namespace Plugin.Tests.Configure;

public sealed class HookSecretsTests
{
    [Fact]
    public async Task A_replaced_secret_signs_for_a_day_and_no_longer()
    {
        using var folder = new TestFolder();
        await using var database = PluginDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var clock = new SetClock();
        var secrets = new HookSecrets(database, folder.Protection, clock, NullLogger<HookSecrets>.Instance);
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null! };
        var first = Assert.Single(await secrets.FillInAsync([hook]));
        Assert.Null(secrets.NextEndAt);
        var renewed = await secrets.RotateAsync(first);

        clock.Now += HookSecrets.Overlap - TimeSpan.FromSeconds(1);
        var during = Assert.Single(await secrets.FillInAsync([hook]));
        Assert.Equal((renewed, first.Secret), (during.Secret, Assert.Single(during.RetiringSecrets)));
        Assert.Equal(clock.Now + TimeSpan.FromSeconds(1), secrets.NextEndAt);

        clock.Now += TimeSpan.FromSeconds(1);
        var after = Assert.Single(await secrets.FillInAsync([hook]));
        Assert.Equal(renewed, after.Secret);
        Assert.Empty(after.RetiringSecrets);
        Assert.Null(secrets.NextEndAt);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_decrypted_any_more_is_replaced()
    {
        using var folder = new TestFolder();
        await using var database = PluginDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null! };
        var first = await Fill(new EphemeralDataProtectionProvider());
        var second = await Fill(new EphemeralDataProtectionProvider());
        Assert.NotNull(second.Secret);
        Assert.NotEqual(first.Secret, second.Secret);

        async Task<HookSettings> Fill(IDataProtectionProvider protection) =>
            (await new HookSecrets(database, protection, TimeProvider.System, NullLogger<HookSecrets>.Instance).FillInAsync([hook]))[0];
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
