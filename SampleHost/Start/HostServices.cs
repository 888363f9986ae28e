using Dam.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SampleHost.Accounts;
using SampleHost.Changes;
using SampleHost.Feeds;
using SampleHost.Files;
using SampleHost.Orders;
using SampleHost.Records;
using SampleHost.Registrations;
using SampleHost.Storage;
using SampleHost.Storage.Copy;
using SampleHost.Workflow;

namespace SampleHost.Start;

/// <summary>Registers the core of the host.</summary>
internal static class HostServices
{
    // Chooses by what the request carries: with an API key the cookie does not count.
    private const string KeyOrCookie = "KeyOrCookie";

    public static void AddHostCore(this IServiceCollection services, HostOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<PluginReports>();
        services.AddSingleton<HostInformation>();
        services.AddSingleton<IHostInformation>(provider => provider.GetRequiredService<HostInformation>());
        services.AddSingleton<Database>();
        services.AddSingleton<ChangeLog>();
        services.AddSingleton<IChangeLog>(provider => provider.GetRequiredService<ChangeLog>());
        if (options.OtlpEndpoint is not null)
        {
            services.AddSingleton<TelemetryExport>();
            services.AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
        }

        services.AddHostedService<StorageStart>();
        services.AddSingleton<ChangeLogRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeLogRetention>());

        services.AddSingleton<ContentTypes>();
        services.AddSingleton<SaveHooks>();
        services.AddSingleton<SavePipeline>();
        services.AddSingleton<RecordInsert>();
        services.AddSingleton<RecordSaver>();
        services.AddSingleton<UploadTemplates>();
        services.AddSingleton<UploadReview>();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<IRecordReader>(provider => provider.GetRequiredService<RecordStore>());
        services.AddSingleton<RecordWorkflow>();
        services.AddSingleton<ScheduledPublications>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduledPublications>());
        services.AddSingleton<FileStore>();
        services.AddSingleton<EmbeddedMetadata>();
        services.AddSingleton<RecordFiles>();
        services.AddSingleton<FeedStore>();
        services.AddSingleton<FeedEntries>();
        services.AddSingleton<RegistrationDesk>();
        services.AddSingleton<OrderDesk>();
        AddAccounts(services, options);
    }

    private static void AddAccounts(IServiceCollection services, HostOptions options)
    {
        services.AddSingleton<IPasswordHasher<NewUser>, PasswordHasher<NewUser>>();
        services.AddSingleton<Users>();
        services.AddSingleton<UserEdits>();
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<IUserDirectory>(provider => provider.GetRequiredService<UserDirectory>());
        services.AddSingleton<Collections>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<BearerTokens>();
        services.AddSingleton<CurrentUser>();
        services.AddSingleton<IHostIdentity>(provider => provider.GetRequiredService<CurrentUser>());

        var protection = services.AddDataProtection().SetApplicationName("SampleHost");
        if (options.PostgresConnection is null)
            protection.PersistKeysToFileSystem(new DirectoryInfo(KeyFile.FolderOf(options.DataDirectory)));
        else
            services.AddOptions<KeyManagementOptions>().Configure<Database>((keys, database) => keys.XmlRepository = new KeyTable(database));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = "RequestVerificationToken";
            // As the sign-in's cookie is by default: a browser that came by https never sends it in clear.
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthorization();
        services.AddAuthentication(KeyOrCookie)
            .AddPolicyScheme(KeyOrCookie, null, scheme => scheme.ForwardDefaultSelector = context =>
                CurrentUser.IsByCookie(context) ? CookieAuthenticationDefaults.AuthenticationScheme : ApiKeyAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.Name, null)
            .AddCookie(cookie =>
            {
                cookie.LoginPath = "/signin";
                cookie.LogoutPath = "/signout";
                cookie.AccessDeniedPath = "/signin";
                cookie.ReturnUrlParameter = "returnUrl";
                cookie.Cookie.Name = "dam";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
                cookie.SlidingExpiration = true;
            });
    }
}
