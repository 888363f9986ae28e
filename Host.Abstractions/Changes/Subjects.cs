namespace Dam.Hosting;

/// <summary>A collection, named.</summary>
/// <param name="Id">The host's integer id; positive, never used again.</param>
/// <param name="Name">The unique name.</param>
public sealed record CollectionRef(long Id, string Name);

/// <summary>What decides who sees a record, apart from roles.</summary>
/// <param name="Private">Whether only those with rights to its collection may see it.</param>
/// <param name="Draft">Whether it is a draft, not yet published.</param>
/// <param name="WorkflowState">The workflow state, or null when its type has no workflow.</param>
public sealed record RecordStatus(bool Private, bool Draft, string? WorkflowState);

/// <summary>A user at one moment.</summary>
public sealed record UserSnapshot
{
    /// <summary>The host's integer id; positive, never used again.</summary>
    public required long Id { get; init; }

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
}

/// <summary>A user's request for access to a collection.</summary>
public sealed record RegistrationSnapshot
{
    /// <summary>The host's integer id; positive, never used again.</summary>
    public required long Id { get; init; }

    /// <summary>The collection.</summary>
    public required CollectionRef Collection { get; init; }
}

/// <summary>An order of records at one moment.</summary>
public sealed record OrderSnapshot
{
    /// <summary>The host's integer id; positive, never used again.</summary>
    public required long Id { get; init; }

    /// <summary>Who ordered.</summary>
    public required UserSnapshot User { get; init; }

    /// <summary>The ids of the records ordered, in the order in which they were named; at least one.</summary>
    public required IReadOnlyList<long> RecordIds { get; init; }

    /// <summary>How it stands: <c>pending</c>, <c>delivered</c> or <c>denied</c>.</summary>
    public required string State { get; init; }
}
