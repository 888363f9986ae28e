using Dam.Hosting;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.Tests.Templates;

namespace Plugin.Tests.Dialects;

/// <summary>
/// Changes that no kind host would log: texts that try to break out, half characters, nothing where something is usual, hundreds of fields, a book in one. The
/// same seed gives the same changes.
/// </summary>
internal sealed class HostileChanges(int seed)
{
    private readonly Random _random = new(seed);
    private readonly HostileText _texts = new(new Random(seed));

    /// <summary>A change of a kind with texts that are hostile, in every member that such a change can have; it may lack what may be lacking.</summary>
    /// <param name="like">A change whose kind, type and workflow are kept, so that the same hook wants it.</param>
    public Change Like(Change like) => like with
    {
        Sequence = _random.NextInt64(),
        Id = NewId(),
        OccurredAt = Maybe(like.OccurredAt, OneOf(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch)),
        Actor = new Actor(Text(), MaybeText()) { UserId = _random.Next(3) == 0 ? null : _random.NextInt64() },
        Via = OneOf(Enum.GetValues<ChangeOrigin>()),
        Record = like.Record is { } record ? Record(record) : null,
        ChangedFields = [.. Enumerable.Range(0, Count()).Select(_ => new ChangedField(Name(), Values(), Values()) { Predicate = MaybeText(), Category = MaybeText() })],
        File = like.File is null ? null : File(),
        PreviousFile = _random.Next(2) == 0 ? null : File(),
        PreviousCollection = like.PreviousCollection is null ? null : new CollectionRef(_random.NextInt64(), Text()),
        PreviousStatus = _random.Next(2) == 0 ? null : new RecordStatus(Flag(), Flag(), MaybeText()),
        FeedEntry = like.FeedEntry is null ? null : FeedEntry(like.FeedEntry),
        User = like.User is null ? null : User(),
        Registration = like.Registration is null ? null : new RegistrationSnapshot { Id = _random.NextInt64(), Collection = new CollectionRef(0, Text()) },
        Order = like.Order is null ? null : new OrderSnapshot { Id = long.MinValue, User = User(), RecordIds = Ids(), State = Maybe(like.Order.State, Text()) },
        TraceParent = MaybeText(),
    };

    /// <summary>A change of any kind with anything in it, fitting or not.</summary>
    public Change Any()
    {
        var whole = Like(ExampleChanges.Of(OneOf(Enum.GetValues<ChangeKind>())));
        var other = Like(ExampleChanges.Of(OneOf(Enum.GetValues<ChangeKind>())));
        return whole with
        {
            Kind = OneOf(whole.Kind, other.Kind),
            Record = OneOf(whole.Record, other.Record, null),
            File = OneOf(whole.File, other.File, null),
            Workflow = OneOf(whole.Workflow, other.Workflow, null, new WorkflowStep(Text(), Text(), Text(), Text())),
            FeedEntry = OneOf(whole.FeedEntry, other.FeedEntry, null),
            User = OneOf(whole.User, other.User, null),
            Registration = OneOf(whole.Registration, other.Registration, null),
            Order = OneOf(whole.Order, other.Order, null),
            PreviousCollection = OneOf(whole.PreviousCollection, other.PreviousCollection, null),
        };
    }

    private RecordSnapshot Record(RecordSnapshot like) => new()
    {
        Id = _random.NextInt64(),
        Pid = Text(),
        Type = Maybe(like.Type, Text()),
        Title = Text(),
        Language = Maybe(like.Language, Text()),
        Owner = Text(),
        Collection = MaybeText(),
        CollectionId = Flag() ? null : _random.NextInt64(),
        Private = Flag(),
        Draft = Flag(),
        WorkflowState = MaybeText(),
        Version = OneOf(0, -1, 1, long.MaxValue),
        ParentId = Flag() ? null : long.MinValue,
        CreatedAt = DateTimeOffset.MinValue,
        CreatedBy = Text(),
        ModifiedAt = DateTimeOffset.MaxValue,
        ModifiedBy = Text(),
        Fields = [.. Enumerable.Range(0, Count()).Select(_ => new FieldSnapshot { Name = Name(), Values = Values(), Predicate = MaybeText(), Category = MaybeText() })],
        Files = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => File())],
    };

    private FileSnapshot File() => new()
    {
        Pid = Text(),
        Name = Text(),
        MediaType = Text(),
        Length = OneOf(0, -1, long.MaxValue),
        Sha256 = Text(),
    };

    private FeedEntrySnapshot FeedEntry(FeedEntrySnapshot like) => like with
    {
        FeedTitle = Text(),
        FeedDescription = Text(),
        FeedIsPublic = Flag(),
        Title = Text(),
        Description = Text(),
        AuthorName = Text(),
        AuthorEmail = MaybeText(),
        NotifiedUsers = [.. Values()],
        Recipients = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => User())],
        RecordIds = Ids(),
    };

    private UserSnapshot User() => new()
    {
        Id = _random.NextInt64(),
        Name = Text(),
        DisplayName = Text(),
        FirstName = MaybeText(),
        LastName = MaybeText(),
        Email = MaybeText(),
    };

    private string Text() => _random.Next(1000) == 0 ? new string(OneOf('x', '"', '\0', '\uD83C', 'é'), 300_000) : _texts.Next();

    private string? MaybeText() => Flag() ? null : Text();

    // Some are names that dialects look for.
    private string Name() => _random.Next(3) == 0 ? OneOf("title", "description", "version", "url", "sys", "entryTitle", "keywords", "") : Text();

    private List<string> Values() => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Text())];

    private List<long> Ids() => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => _random.NextInt64())];

    private int Count() => _random.Next(40) == 0 ? 400 : _random.Next(6);

    private bool Flag() => _random.Next(2) == 0;

    private T Maybe<T>(T usual, T other) => _random.Next(4) == 0 ? other : usual;

    private T OneOf<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
