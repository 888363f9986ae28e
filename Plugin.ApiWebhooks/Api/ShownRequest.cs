using System.Text;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Configure.Stored;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Api;

/// <summary>Shows a request as it leaves, with stars for what is secret.</summary>
internal static class ShownRequest
{
    // What the engine itself sends, of which nothing is secret.
    private static readonly string[] OfEngine =
        [StandardSignature.IdHeader, StandardSignature.TimestampHeader, StandardSignature.SignatureHeader, "User-Agent", "webhook-test"];

    /// <summary>Describes a request of a hook.</summary>
    public static RequestView Of(OutgoingPost post, HookSettings hook)
    {
        var headers = new List<HeaderView> { new("Content-Type", post.ContentType) };
        foreach (var (name, value) in post.Headers)
        {
            var isOfEngine = OfEngine.Contains(name, StringComparer.OrdinalIgnoreCase);
            var isSecret = hook.Headers.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) || hook.Rules.IsSecret(name);
            headers.Add(new HeaderView(name, isOfEngine ? value : isSecret ? SettingsMask.Stars : Star(value)));
        }
        return new RequestView(post.Method, headers, Star(Encoding.UTF8.GetString(post.Body.Span))) { Url = Star(post.Url) };

        string Star(string text) => post.Secrets?.Star(text) ?? text;
    }
}
