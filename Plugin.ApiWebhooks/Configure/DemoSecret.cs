using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Configure;

/// <summary>The signing secrets that stand in the published examples: anybody knows them.</summary>
internal static class DemoSecret
{
    private static readonly WebhookSecret[] Published =
    [
        Parse("whsec_ZGVtby1vbmx5LXNlY3JldC1kby1ub3QtdXNlLWl0IQ=="),
        Parse(Catalogue.EventCatalogue.ExampleSecret),
        Parse("whsec_ZGVtby1kb2N1dGVhbS1zZWNyZXQtZG8tbm90LXVzZQ=="),
    ];

    /// <summary>Reads a signing secret, and warns of a published one where it protects something.</summary>
    public static WebhookSecret? Read(SectionReader reader, Option option, bool isDevelopment)
    {
        var secret = reader.Secret(option);
        if (secret is not null && !isDevelopment && Published.Contains(secret))
            reader.Warn(option.Key, "is the demo's, which is published: anybody can sign with it", "Write a secret of your own, for example from: echo whsec_$(openssl rand -base64 32)");
        return secret;
    }

    private static WebhookSecret Parse(string text) =>
        WebhookSecret.TryParse(text, out var secret) ? secret : throw new FormatException(text);
}
