using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Feeds;
using SampleHost.Orders;
using SampleHost.Pages.Layout;
using SampleHost.Registrations;

namespace SampleHost.Pages.Desk;

/// <summary>Gathers what stands on a user's desk: what waits first, then the newest of the rest.</summary>
internal sealed class DeskReader(FeedEntries entries, RegistrationDesk registrations, OrderDesk orders, Collections collections)
{
    private const int Most = 50;

    public DeskView Read(HostUser user) => new()
    {
        Notices = [.. entries.NewestToldTo(user, Most).Select(entry => new NoticeView(entry.FeedTitle, entry.Title, entry.Description, entry.AuthorName, entry.RecordIds, entry.PublishedAt))],
        Registrations = [.. registrations.ListForDesk(user, Most).Select(one => Describe(one, user))],
        Orders = [.. orders.ListForDesk(user, Most).Select(one => Describe(one, user))],
        Collections = [.. collections.All().Where(one => !user.CollectionRoles.ContainsKey(one.Name)).Select(one => new OptionView(one.Name, one.Label))],
    };

    private static RequestView Describe(Registration one, HostUser user) => new()
    {
        Id = one.Id,
        User = one.UserName,
        Collection = one.Collection,
        Note = one.Note,
        State = one.State,
        Tone = Tone(one.State),
        At = DateTimeOffset.FromUnixTimeMilliseconds(one.CreatedAt),
        CanDecide = one.State == Registration.Pending && Rights.CanDecideRegistration(user, one.Collection),
    };

    private static RequestView Describe(Order one, HostUser user) => new()
    {
        Id = one.Id,
        User = one.UserName,
        Records = one.RecordIds,
        Note = one.Note,
        State = one.State,
        Tone = Tone(one.State),
        At = DateTimeOffset.FromUnixTimeMilliseconds(one.CreatedAt),
        CanDecide = one.State == Order.Pending && Rights.CanDecideOrder(user),
    };

    private static string Tone(string state) => state switch
    {
        Registration.Granted or Order.Delivered => "good",
        Registration.Rejected or Order.Denied => "bad",
        _ => "care",
    };
}
