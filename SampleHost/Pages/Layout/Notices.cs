namespace SampleHost.Pages.Layout;

/// <summary>What just happened, told on the page the browser is sent on to. The address carries a word, never a text.</summary>
internal static class Notices
{
    private static readonly Dictionary<string, BannerView> Known = new(StringComparer.Ordinal)
    {
        ["saved"] = Done("Saved"),
        ["resolved"] = Done("Saved", "Your choice between the two versions is saved."),
        ["unchanged"] = new() { Tone = BannerTone.Info, Title = "Nothing had changed", Text = "The form was the same as what is stored, so there was nothing to save." },
        ["created"] = Done("Record created", "Add files to it, or edit it further."),
        ["deleted"] = Done("Record deleted"),
        ["published"] = Done("Published"),
        ["unpublished"] = Done("Withdrawn from publication"),
        ["moved"] = Done("Workflow step taken"),
        ["uploaded"] = Done("Upload complete"),
        ["defaults"] = Done("Defaults saved", "The records of your next upload begin with them."),
        ["reviewed"] = Done("Upload reviewed", "Every record of it was looked through."),
        ["forgotten"] = Done("Review ended", "The records stay as they are."),
        ["replaced"] = Done("File replaced"),
        ["filedeleted"] = Done("File deleted"),
        ["useradded"] = Done("User added"),
        ["userdeleted"] = Done("User deleted"),
        ["asked"] = Done("Asked", "An administrator of the collection decides; the answer stands here."),
        ["ordered"] = Done("Ordered", "An administrator delivers the order or denies it; the answer stands here."),
        ["decided"] = Done("Decided"),
        ["reloaded"] = Done("Plugin reloaded"),
        ["signedout"] = Done("Signed out"),
    };

    public static BannerView? For(string? word) => word is null ? null : Known.GetValueOrDefault(word);

    private static BannerView Done(string title, string? text = null) => new() { Tone = BannerTone.Good, Title = title, Text = text };
}
