using System.Globalization;

namespace Plugin.ApiWebhooks.Clients;

/// <summary>A program that acts for users: an OAuth 2.0 client (RFC 6749).</summary>
internal sealed record ClientApplication
{
    public required long Id { get; init; }

    /// <summary>The public name it introduces itself by.</summary>
    public required string ClientId { get; init; }

    /// <summary>SHA-256 of its secret; null for a public client.</summary>
    public byte[]? SecretHash { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Where people read about it, an http or https address; empty for none.</summary>
    public required string Website { get; init; }

    /// <summary>The name of the user it belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>Where users are sent back to after consenting; empty for none.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Whether it may act for users who consent.</summary>
    public required bool ByCode { get; init; }

    /// <summary>Whether it may act for its owner without anybody present.</summary>
    public required bool ByCredentials { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it wants to be told, a JSON array of event names, as long as it has no webhook.</summary>
    public string ListenedEvents { get; init; } = "[]";

    /// <summary>A client that can keep no secret, such as an app on a telephone. It must prove each code with PKCE.</summary>
    public bool IsPublic => SecretHash is null;

    /// <summary>What the host's change log calls it. With the id, since everybody may choose any name.</summary>
    public string ActorName => string.Create(CultureInfo.InvariantCulture, $"{Name} (application {Id})");

    /// <summary>Whether a user is its owner. Names of users do not differ in case alone.</summary>
    public bool IsOwnedBy(string userName) => Owner.Equals(userName, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An application to register.</summary>
internal sealed record NewApplication
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public string Website { get; init; } = "";

    public required string Owner { get; init; }

    public string RedirectUri { get; init; } = "";

    /// <summary>Whether it can keep no secret.</summary>
    public bool IsPublic { get; init; }
}

/// <summary>How registering ended.</summary>
internal abstract record RegisterResult
{
    private RegisterResult()
    {
    }

    /// <param name="Application">The application.</param>
    /// <param name="Secret">Its secret, to be shown this once; null for a public client.</param>
    public sealed record Registered(ClientApplication Application, string? Secret) : RegisterResult;

    /// <param name="Faults">What is wrong, by the names of the fields.</param>
    public sealed record Refused(IReadOnlyList<FieldFault> Faults) : RegisterResult;
}

/// <summary>A field that cannot be taken as it is.</summary>
/// <param name="Field">The field's name in forms and JSON.</param>
/// <param name="Message">What is wrong and what to do, a sentence.</param>
internal sealed record FieldFault(string Field, string Message);
