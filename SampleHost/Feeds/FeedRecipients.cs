using Dam.Hosting;
using System.Data.Common;
using SampleHost.Accounts;

namespace SampleHost.Feeds;

/// <summary>Who is told of an entry in a feed. Only who may see the feed is.</summary>
internal static class FeedRecipients
{
    /// <summary>The users an entry is to be told to, in the order of their ids, those that are named first.</summary>
    /// <param name="errors">What is wrong with the names is added here.</param>
    public static IReadOnlyList<UserSnapshot> Find(DbConnection connection, NewFeedEntry entry, bool feedIsPublic, ICollection<FieldError> errors)
    {
        var found = new Dictionary<long, HostUser>();
        foreach (var name in entry.NotifiedUsers)
        {
            if (AccountRows.Find(connection, name)?.User is not { } user)
                errors.Add(new FieldError("notifiedUsers", $"There is no user '{name}'."));
            else if (!Rights.CanSeeFeed(user, feedIsPublic))
                errors.Add(new FieldError("notifiedUsers", $"The user {user.Name} may not see this feed."));
            else
                found[user.Id!.Value] = user;
        }

        if (entry.NotifyAll)
        {
            foreach (var account in AccountRows.List(connection))
            {
                if (!string.IsNullOrEmpty(account.User.Email) && Rights.CanSeeFeed(account.User, feedIsPublic))
                    found.TryAdd(account.Id, account.User);
            }
        }

        return [.. found.Values.Select(Users.Snapshot)];
    }
}
