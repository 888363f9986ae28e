using System.Text;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>How an application introduces itself at the token endpoint (RFC 6749, section 2.3.1).</summary>
/// <param name="ClientId">Its public name.</param>
/// <param name="Secret">Its secret; null when it sent none.</param>
/// <param name="IsBasic">Whether it came by HTTP Basic.</param>
internal sealed record ClientCredentials(string ClientId, string? Secret, bool IsBasic)
{
    /// <summary>Reads what a request says of its application: HTTP Basic, or <c>client_id</c> and <c>client_secret</c> in the body, and not both.</summary>
    /// <param name="request">The request.</param>
    /// <param name="form">Its body.</param>
    /// <param name="error">What is wrong when nothing is returned.</param>
    public static ClientCredentials? Read(HttpRequest request, OAuthForm form, out OAuthError error)
    {
        error = OAuthError.InvalidClient;
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return form["client_id"] is { } id ? new ClientCredentials(id, form["client_secret"], IsBasic: false) : null;
        if (form["client_secret"] is not null)
            error = OAuthError.InvalidRequest("Send the secret by HTTP Basic or in the body, not both.");
        else if (ReadBasic(authorization["Basic ".Length..].Trim()) is { } basic)
        {
            if (form["client_id"] is { } named && named != basic.ClientId)
                error = OAuthError.InvalidRequest("The client_id of the body is not that of the header.");
            else
                return basic;
        }
        return null;
    }

    // Name and secret are form-encoded each before they are put together.
    private static ClientCredentials? ReadBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':');
        return colon <= 0 ? null : new ClientCredentials(Decode(text[..colon]), Decode(text[(colon + 1)..]), IsBasic: true);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>Stars for the secret.</summary>
    public override string ToString() => $"{ClientId} ********";
}
