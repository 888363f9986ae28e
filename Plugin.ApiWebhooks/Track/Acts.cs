namespace Plugin.ApiWebhooks.Track;

/// <summary>The names of what the audit list knows, as the management API has them. Each has its words in <see cref="Pages.Audit.AuditTexts"/>.</summary>
internal static class Acts
{
    public const string CreateSubscription = "subscription.create";
    public const string ChangeSubscription = "subscription.change";
    public const string DeleteSubscription = "subscription.delete";
    public const string RestoreSubscription = "subscription.restore";
    public const string PauseSubscription = "subscription.pause";
    public const string ResumeSubscription = "subscription.resume";
    public const string RotateSecret = "subscription.rotate-secret";
    public const string TestSubscription = "subscription.test";
    public const string ResendDelivery = "delivery.resend";
    public const string CancelDelivery = "delivery.cancel";
    public const string StartReplay = "replay.start";
    public const string CancelReplay = "replay.cancel";
    public const string ImportButtons = "buttons.import";
    public const string CreateApplication = "application.create";
    public const string ChangeApplication = "application.change";
    public const string DeleteApplication = "application.delete";
    public const string RenewApplicationSecret = "application.renew-secret";
    public const string GiveConsent = "consent.give";
    public const string RevokeConsent = "consent.revoke";

    public static IReadOnlyList<string> All { get; } =
    [
        CreateSubscription, ChangeSubscription, DeleteSubscription, RestoreSubscription, PauseSubscription, ResumeSubscription, RotateSecret, TestSubscription,
        ResendDelivery, CancelDelivery, StartReplay, CancelReplay, ImportButtons,
        CreateApplication, ChangeApplication, DeleteApplication, RenewApplicationSecret, GiveConsent, RevokeConsent,
    ];
}
