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
        await using var database = TestDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var clock = new SetClock();
        var secrets = new HookSecrets(database, folder.Protection, clock, NullLogger<HookSecrets>.Instance);
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null! };
        var first = Assert.Single(await secrets.FillInAsync([hook]));
        Assert.Null(secrets.NextEndAt);
        var renewed = (await secrets.RotateAsync(first, TimeSpan.FromHours(24))).Secret;

        clock.Now += TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1);
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
    public async Task A_key_pair_stays_the_same_and_a_replaced_one_signs_on_for_the_overlap()
    {
        using var folder = new TestFolder();
        await using var database = TestDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var clock = new SetClock();
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null!, Signing = HookSigning.Both };
        var first = await FillAsync();
        Assert.Equal([first.Secret!, first.SigningKey!], first.Keys);
        Assert.Equal(first.PublicKeys, (await FillAsync()).PublicKeys);

        var rotation = await Secrets().RotateAsync(first, TimeSpan.FromHours(2));
        Assert.Equal(clock.Now.AddHours(2), rotation.FormerValidUntil);
        var during = await FillAsync();
        Assert.Equal([rotation.Secret!, rotation.Key!, first.Secret!, first.SigningKey!], during.Keys);
        Assert.Equal([rotation.Key!.PublicText, first.SigningKey!.PublicText], during.PublicKeys);
        clock.Now += TimeSpan.FromHours(2);
        Assert.Equal([rotation.Secret!, rotation.Key], (await FillAsync()).Keys);

        // With v1a alone no secret is made; the key pair is the one that receivers know.
        hook = hook with { Signing = HookSigning.V1a };
        Assert.Equal([rotation.Key], (await FillAsync()).Keys);

        HookSecrets Secrets() => new(database, folder.Protection, clock, NullLogger<HookSecrets>.Instance);
        async Task<HookSettings> FillAsync() => (await Secrets().FillInAsync([hook]))[0];
    }

    [Fact]
    public async Task Without_an_overlap_the_former_secret_ends_at_once()
    {
        using var folder = new TestFolder();
        await using var database = TestDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var secrets = new HookSecrets(database, folder.Protection, new SetClock(), NullLogger<HookSecrets>.Instance);
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null! };
        var first = (await secrets.FillInAsync([hook]))[0];
        var rotation = await secrets.RotateAsync(first, TimeSpan.Zero);
        Assert.Equal([rotation.Secret!], (await secrets.FillInAsync([hook]))[0].Keys);
        Assert.Null(secrets.NextEndAt);
    }

    [Fact]
    public async Task An_end_that_concerns_nobody_any_more_is_forgotten()
    {
        using var folder = new TestFolder();
        await using var database = TestDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var secrets = new HookSecrets(database, folder.Protection, new SetClock(), NullLogger<HookSecrets>.Instance);
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null! };
        var first = (await secrets.FillInAsync([hook]))[0];
        await secrets.RotateAsync(first, TimeSpan.FromHours(24));
        await secrets.FillInAsync([hook]);
        Assert.NotNull(secrets.NextEndAt);
        // Its secret stands in the file now. An end that stayed would have the settings put in force again and again once it is over.
        await secrets.FillInAsync([first with { SecretIsConfigured = true }]);
        Assert.Null(secrets.NextEndAt);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_decrypted_any_more_is_replaced()
    {
        using var folder = new TestFolder();
        await using var database = TestDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null! };
        var first = await Fill(new EphemeralDataProtectionProvider());
        var second = await Fill(new EphemeralDataProtectionProvider());
        Assert.NotNull(second.Secret);
        Assert.NotEqual(first.Secret, second.Secret);

        async Task<HookSettings> Fill(IDataProtectionProvider protection) =>
            (await new HookSecrets(database, protection, TimeProvider.System, NullLogger<HookSecrets>.Instance).FillInAsync([hook]))[0];
    }

    [Fact]
    public async Task Of_two_nodes_that_make_a_secret_at_the_same_time_the_first_counts_for_both()
    {
        using var folder = new TestFolder();
        await using var database = TestDatabase.Open(Path.Combine(folder.Data, "t.db"));
        var hook = new HookSettings { Key = "k", Label = "k", Dialect = "standard", Url = "https://a/", Rules = null!, Signing = HookSigning.Both };
        // Both find none, and both are about to store their own.
        using var goOn = new ManualResetEventSlim();
        var held = database.WriteAsync(_ => goOn.Wait(TimeSpan.FromSeconds(30)));
        var (first, second) = (Fill(), Fill());
        goOn.Set();
        Assert.True(await held);

        Assert.Equal((await first).Keys, (await second).Keys);
        Assert.Equal((await first).Keys, (await Fill()).Keys);

        async Task<HookSettings> Fill() => (await new HookSecrets(database, folder.Protection, TimeProvider.System, NullLogger<HookSecrets>.Instance).FillInAsync([hook]))[0];
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
