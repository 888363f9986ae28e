namespace Dam.Hosting;

/// <summary>A user of the host, as known for one request.</summary>
public sealed record HostUser
{
    /// <summary>The host's integer id; positive, never used again. Null where the host gives its users none.</summary>
    public long? Id { get; init; }

    /// <summary>The unique name.</summary>
    public required string Name { get; init; }

    /// <summary>The name that people read.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The first name, or null.</summary>
    public string? FirstName { get; init; }

    /// <summary>The last name, or null.</summary>
    public string? LastName { get; init; }

    /// <summary>The e-mail address, or null.</summary>
    public string? Email { get; init; }

    /// <summary>The language the user reads, a BCP 47 tag.</summary>
    public required string Language { get; init; }

    /// <summary>
    /// Roles that hold everywhere, lower case, implied ones included: a <c>sysadmin</c> is also <c>admin</c>, <c>editor</c> and <c>viewer</c>.
    /// </summary>
    public required IReadOnlySet<string> Roles { get; init; }

    /// <summary>Roles that hold in one collection, by the collection's name, implied ones included.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> CollectionRoles { get; init; } =
        new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>
    /// The name of the API key of this request (never the key), or of the client whose token it carries (<see cref="BearerGrant.ClientName"/>). Null at a page.
    /// </summary>
    public string? ApiKeyName { get; init; }

    /// <summary>Who this is in the change log.</summary>
    public Actor Actor => new(Name, ApiKeyName) { UserId = Id };
}
