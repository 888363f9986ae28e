using System.Reflection;
using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Feeds;
using SampleHost.Files;
using SampleHost.Records;

namespace SampleHost.Demo.Content;

/// <summary>Fills a new data directory before the host listens. One that already has accounts is left alone.</summary>
internal sealed partial class DemoContent(
    Users users, ApiKeys keys, FileStore files, RecordSaver saver, FeedStore feeds, ILogger<DemoContent> logger) : IHostedService
{
    private const string Images = "demo/";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (users.Any())
        {
            if (DemoAccounts.Existing(users).Count == 0)
                NotNew(logger);
            return;
        }

        await DemoAccounts.CreateAsync(users, keys, cancellationToken);
        var editor = Find(Roles.Editor);
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var record in DemoRecords.All)
            ids[record.Title] = await InsertAsync(record, editor, cancellationToken);
        await PublishAsync(ids["A chart of the harbour of Corriemere"], cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<long> InsertAsync(DemoRecord record, HostUser editor, CancellationToken cancellationToken)
    {
        var received = new List<ReceivedFile>();
        foreach (var name in record.Images)
        {
            await using var content = Open(name);
            received.Add(await files.ReceiveAsync(name, "image/jpeg", content, cancellationToken));
        }

        var request = new InsertRequest(editor, ChangeOrigin.System)
        {
            Type = record.Type,
            Fields = record.Fields(),
            Language = record.Language,
            Private = record.Private,
            Draft = record.Draft,
            Files = received,
        };
        return await saver.InsertAsync(request, cancellationToken) switch
        {
            SaveResult.Saved saved => saved.Record.Id,
            SaveResult.Invalid invalid => throw Failed(record.Title, string.Join(" ", invalid.Errors.Select(error => $"{error.Field}: {error.Message}"))),
            var other => throw Failed(record.Title, other.ToString()),
        };
    }

    private async Task PublishAsync(long chartId, CancellationToken cancellationToken)
    {
        var admin = Find(Roles.Admin);
        var feed = await feeds.CreateAsync("New at the museum", "What has just been described, photographed or put on display.", true, admin, cancellationToken)
            is FeedResult.FeedCreated created ? created.Feed : throw Failed("New at the museum", "the feed was refused");
        var entry = new NewFeedEntry(feed.Id, "The harbour chart is back", "Cleaned, mended and photographed anew: see the soundings off Gull Island.")
        {
            Records = [chartId],
            NotifiedUsers = [Roles.Editor],
        };
        if (await feeds.PublishAsync(entry, admin, ChangeOrigin.System, cancellationToken) is not FeedResult.EntryPublished)
            throw Failed(entry.Title, "the entry was refused");
    }

    private HostUser Find(string name) => users.Find(name) ?? throw Failed(name, "the account is missing");

    private static Stream Open(string name) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream(Images + name) ?? throw Failed(name, "the image is not embedded");

    private static InvalidOperationException Failed(string what, string? why) => new($"The demo's '{what}' cannot be made: {why}");

    [LoggerMessage(1901, LogLevel.Information, "The data directory was in use before, so no demo accounts and records are made. Start with another --Host:DataDirectory to get them.")]
    private static partial void NotNew(ILogger logger);
}
