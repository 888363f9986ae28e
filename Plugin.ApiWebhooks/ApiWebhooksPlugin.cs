using System.Text.Encodings.Web;
using System.Text.Unicode;
using Dam.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Buttons;
using Plugin.ApiWebhooks.Buttons.Import;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Clients;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Dialects.Ckan;
using Plugin.ApiWebhooks.Dialects.CloudEvents;
using Plugin.ApiWebhooks.Dialects.Contensis;
using Plugin.ApiWebhooks.Dialects.Docuteam;
using Plugin.ApiWebhooks.Dialects.Phraseanet;
using Plugin.ApiWebhooks.Dialects.Phraseanet.Developers;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.ApiWebhooks.Pages;
using Plugin.ApiWebhooks.Pages.Audit;
using Plugin.ApiWebhooks.Pages.Buttons;
using Plugin.ApiWebhooks.Pages.Deliveries;
using Plugin.ApiWebhooks.Pages.Events;
using Plugin.ApiWebhooks.Pages.Overview;
using Plugin.ApiWebhooks.Pages.Receiving;
using Plugin.ApiWebhooks.Pages.RecordPanels;
using Plugin.ApiWebhooks.Pages.Replays;
using Plugin.ApiWebhooks.Pages.Subscriptions;
using Plugin.ApiWebhooks.Queue;
using Plugin.ApiWebhooks.Queue.Engines;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks;

/// <summary>The plugin's entry point: wires the stages together, in the order in which the data goes.</summary>
public sealed class ApiWebhooksPlugin : IHostPlugin
{
    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        // Configure
        services.AddSingleton(new SettingsFile(context.Directory));
        services.AddSingleton(provider => new LastGoodText(
            context.DataDirectory, provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<ILogger<LastGoodText>>()));
        services.AddSingleton<SettingsWatcher>();
        services.AddSingleton<IPluginHealth>(provider => provider.GetRequiredService<SettingsWatcher>());
        services.AddSingleton<HookSecrets>();
        services.AddSingleton<StoredHookTable>();
        services.AddSingleton<StoredHooks>();

        services.AddSingleton<Telemetry>();

        // Dialects
        services.AddSingleton<IDialect, StandardDialect>();
        services.AddSingleton<IDialect, CloudEventsDialect>();
        services.AddSingleton<IDialect, DocuteamDialect>();
        services.AddSingleton<IDialect, CkanDialect>();
        services.AddSingleton<CkanActions>().AddSingleton<IDoor, CkanDoor>();
        services.AddSingleton<IDialect, ContensisDialect>();
        services.AddSingleton<IDialect, PhraseanetDialect>();
        services.AddSingleton<ContensisGate>();
        services.AddSingleton<IDoor, SubscriptionDoor>();
        services.AddSingleton<IDoor, PermissionDoor>();
        services.AddSingleton<IDoor, TokenDoor>();
        services.AddSingleton<EventStreamParts>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<IDoor>(provider => provider.GetRequiredService<EventStreams>());

        // Catalogue
        services.AddSingleton<EventCatalogue>();

        // Queue: where it lies is a setting.
        services.AddSingleton(provider => PluginDatabase.Open(QueueEngine.Of(provider.GetRequiredService<SettingsWatcher>().Current.Storage, context)));
        services.AddSingleton<IMovableTables, MovableTables>();

        // Send: the allow-list is asked as it is at each connect.
        services.AddSingleton(provider =>
        {
            var settings = provider.GetRequiredService<SettingsWatcher>();
            return new GuardedSender(
                (host, port, address) => settings.Current.Network.Allow.Any(entry => entry.Allows(host, port, address)),
                provider.GetRequiredService<TimeProvider>());
        });

        // Detect, Deliver
        services.AddSingleton(provider =>
        {
            var settings = provider.GetRequiredService<SettingsWatcher>();
            return new EventPipeline(new EventPipelineParts
            {
                Database = provider.GetRequiredService<PluginDatabase>(),
                Sender = provider.GetRequiredService<GuardedSender>(),
                Settings = () => settings.Current,
                IsReady = () => settings.IsReady,
                ConfigMark = () => settings.Mark,
                ReadSettingsAgain = settings.ReadStoredAgainAsync,
                Log = provider.GetRequiredService<IChangeLog>(),
                Host = provider.GetRequiredService<IHostInformation>(),
                Users = provider.GetRequiredService<IUserDirectory>(),
                Records = provider.GetRequiredService<IRecordReader>(),
                Time = provider.GetRequiredService<TimeProvider>(),
                Random = new Random(),
                Telemetry = provider.GetRequiredService<Telemetry>(),
                Loggers = provider.GetRequiredService<ILoggerFactory>(),
            });
        });

        services.AddSingleton<IPluginHealth>(provider => provider.GetRequiredService<EventPipeline>());

        // Clients
        services.AddSingleton<Applications>();
        services.AddSingleton<Consents>();
        services.AddSingleton<ClientTokens>();
        services.AddSingleton<IBearerTokens>(provider => provider.GetRequiredService<ClientTokens>());
        services.AddSingleton<Drawing>();
        services.AddSingleton<IDoor, AuthorizeEndpoint>();
        services.AddSingleton<IDoor, TokenEndpoint>();
        services.AddSingleton<ApplicationWebhooks>();
        services.AddSingleton<DeveloperPages>();
        services.AddSingleton<DeveloperCalls>();
        services.AddSingleton<IDoor, DevelopersDoor>();

        // Buttons
        services.AddSingleton<PressLog>();
        services.AddSingleton<PressRunner>();
        services.AddSingleton<IEditPageContributor, EditPageButtons>();
        services.AddSingleton<IDoor, ImportCall>().AddSingleton<IDoor, ImportPage>();

        // Track, management API, pages
        services.AddSingleton<DeliveryHistory>();
        services.AddSingleton<DeliverySearch>();
        services.AddSingleton<DeliveryQueryReader>();
        services.AddSingleton<IPluginProgress, DeliveryProgress>();
        services.AddSingleton(provider =>
        {
            var (settings, events) = (provider.GetRequiredService<SettingsWatcher>(), provider.GetRequiredService<EventPipeline>());
            var (database, time) = (provider.GetRequiredService<PluginDatabase>(), provider.GetRequiredService<TimeProvider>());
            return new Retention(
                new RetentionStore(database), () => settings.Current.Storage, () => events.Refusals?.Load(),
                async () =>
                {
                    await provider.GetRequiredService<StoredHooks>().RemoveDeletedAsync().ConfigureAwait(false);
                    await provider.GetRequiredService<PressRunner>().EndLostAsync().ConfigureAwait(false);
                },
                time, provider.GetRequiredService<ILogger<Retention>>())
            {
                IsTheOne = () => events.IsFirst,
                Parts = database.Choose(null, new HistoryParts(database, () => settings.Current.Storage, time)),
            };
        });
        services.AddSingleton<IPluginHealth>(provider => provider.GetRequiredService<Retention>());
        services.AddSingleton<Gate>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<Auditing>();
        services.AddSingleton<IDoor, AuditCalls>().AddSingleton<IDoor, AuditPages>();
        services.AddSingleton<IDoor, ReceivingPages>();
        services.AddSingleton<ReplayCalls>();
        services.AddSingleton<PressAccess>();
        services.AddSingleton<PressCalls>();
        services.AddSingleton<EventTypeCalls>();
        services.AddSingleton<HookOptionTables>();
        services.AddSingleton<SubscriptionAccess>();
        services.AddSingleton<SubscriptionCalls>();
        services.AddSingleton<PageDrawing>();
        services.AddSingleton<PageRequests>().AddSingleton<SecretsOnce>().AddSingleton<StandingWords>().AddSingleton<LatestRecords>().AddSingleton<TrialWords>();
        services.AddSingleton<HookDrafts>().AddSingleton<Previews>();
        services.AddSingleton<IDoor, SubscriptionListPages>().AddSingleton<IDoor, StandingPages>().AddSingleton<IDoor, SubscriptionFormPages>().AddSingleton<IDoor, SubscriptionTestPages>();
        services.AddSingleton<IDoor, EventPages>();
        services.AddSingleton<TrialChanges>();
        services.AddSingleton<Trials>();
        services.AddSingleton<TrialCalls>();
        services.AddSingleton<ManagementApi>();
        services.AddSingleton<ReplayPages>().AddSingleton<IDoor>(provider => provider.GetRequiredService<ReplayPages>()).AddSingleton<IDoor, NewReplayPages>();
        services.AddSingleton<ChangeDeliveries>().AddSingleton<IRecordPageContributor, WebhooksPanel>();
        services.AddSingleton<IDoor, ButtonPages>().AddSingleton<IDoor, PressPages>();
        services.AddSingleton<FiguresReader>();
        services.AddSingleton<DeliveryList>().AddSingleton<IDoor, DeliveryPages>();
        services.AddSingleton<DeliveryTail>().AddSingleton<IDoor>(provider => provider.GetRequiredService<DeliveryTail>());
        services.AddSingleton<IDoor, OverviewPages>().AddSingleton<IDoor, PageAssets>();
        // Letters of every script as they are; what HTML needs encoded still is.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints = endpoints.ServiceProvider.GetRequiredService<Auditing>().Watch(endpoints);
        endpoints.ServiceProvider.GetRequiredService<ManagementApi>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<EventTypeCalls>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<SubscriptionCalls>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<TrialCalls>().Map(endpoints);
        foreach (var door in endpoints.ServiceProvider.GetServices<IDoor>())
            door.Map(endpoints);
    }

    /// <inheritdoc/>
    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<SettingsWatcher>().StartAsync(services.GetRequiredService<HookSecrets>(), services.GetRequiredService<StoredHookTable>()).ConfigureAwait(false);
        await services.GetRequiredService<PressRunner>().StartAsync().ConfigureAwait(false);
        var events = services.GetRequiredService<EventPipeline>();
        await events.StartAsync().ConfigureAwait(false);
        var sender = services.GetRequiredService<GuardedSender>();
        services.GetRequiredService<SettingsWatcher>().Changed += settings =>
        {
            events.SettingsChanged();
            sender.Keep(settings.Ways());
        };
        events.SettingsChanged(); // For a change between the two lines above.
        services.GetRequiredService<Retention>().Start();
    }

    /// <inheritdoc/>
    public async Task StopAsync(IServiceProvider services, CancellationToken drainDeadline)
    {
        services.GetRequiredService<EventStreams>().Stop();
        services.GetRequiredService<DeliveryTail>().Stop();
        await services.GetRequiredService<SettingsWatcher>().StopAsync().ConfigureAwait(false);
        await services.GetRequiredService<Retention>().StopAsync().ConfigureAwait(false);
        await Task.WhenAll(
            services.GetRequiredService<PressRunner>().StopAsync(drainDeadline),
            services.GetRequiredService<EventPipeline>().StopAsync(drainDeadline)).ConfigureAwait(false);
    }
}
