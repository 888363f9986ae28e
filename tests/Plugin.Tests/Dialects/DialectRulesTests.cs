using Dam.Hosting;
using Plugin.ApiWebhooks.Dialects.Docuteam;
using Plugin.ApiWebhooks.Dialects.Standard;
using Plugin.Tests.Detect;

namespace Plugin.Tests.Dialects;

public sealed class DialectRulesTests
{
    [Theory]
    [InlineData("{}", true, false)]
    [InlineData("""{"events":["*"]}""", true, false)]
    [InlineData("""{"events":["webhooks.subscription.disabled"]}""", false, true)]
    [InlineData("""{"events":["webhooks.*"]}""", false, true)]
    [InlineData("""{"events":["*","webhooks.subscription.*"]}""", true, true)]
    [InlineData("""{"events":["record.*"]}""", true, false)]
    public void Notices_are_sent_to_those_who_name_them_only(string keys, bool wantsInserts, bool wantsNotices)
    {
        var rules = PayloadTests.Read("standard", keys, [])!;
        Assert.Equal((wantsInserts, wantsNotices), (rules.Wants(Changes.Inserted(1)), rules.WantsNotice("webhooks.subscription.disabled")));
    }

    [Theory]
    [InlineData("""{"events":["record.insert"]}""", "hook.events[0]", "\"record.insert\" is no event type.", "Did you mean \"record.inserted\"?")]
    [InlineData("""{"events":["webhooks.subscription.disable"]}""", "hook.events[0]", "\"webhooks.subscription.disable\" is no event type.", "Did you mean \"webhooks.subscription.disabled\"?")]
    [InlineData("""{"events":["record.inserted","files.*"]}""", "hook.events[1]", "\"files.*\" is no event type.", "Write *, record.*")]
    public void Standard_refuses_unknown_events(string keys, string place, string message, string remedy)
    {
        var faults = new List<PluginFault>();
        Assert.Null(PayloadTests.Read("standard", keys, faults));
        var fault = Assert.Single(faults);
        Assert.Equal((place, message), (fault.Place, fault.Message));
        Assert.StartsWith(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_filter_takes_names_and_subjects()
    {
        var rules = PayloadTests.Read("standard", """{"events":["file.*","record.deleted"]}""", [])!;
        var wanted = Enum.GetValues<ChangeKind>().Where(kind => rules.Wants(Changes.Inserted(1) with { Kind = kind }));
        Assert.Equal([ChangeKind.RecordDeleted, ChangeKind.FileAdded, ChangeKind.FileReplaced, ChangeKind.FileDeleted], wanted);
    }

    [Fact]
    public void Standard_types_are_dotted_words() =>
        Assert.All(StandardEvents.All, type => Assert.Matches("^[a-z_]+\\.[a-z_]+$", type));

    [Theory]
    [InlineData("Insert API", "insert")]
    [InlineData("Replace API", "replace")]
    [InlineData("Change Metadata user interface", "change-metadata")]
    [InlineData("Insert object (API)", "insert")]
    [InlineData("Replace object (API)", "replace")]
    [InlineData("Append object (API)", "append")]
    [InlineData("Delete object (API)", "delete")]
    [InlineData("Change Record Resource metadata (UI)", "change-metadata")]
    [InlineData("Change Record Resource metadata (API)", "change-metadata-api")]
    [InlineData("change_metadata_api", "change-metadata-api")]
    public void Docuteam_operations_are_found_by_the_words_of_its_documents(string words, string slug) =>
        Assert.Equal(slug, DocuteamOperation.Find(words)?.Slug);

    [Fact]
    public void Docuteam_tells_changes_at_pages_from_changes_by_the_api()
    {
        var change = Changes.Inserted(1) with { Kind = ChangeKind.MetadataChanged };
        foreach (var (via, slug) in new[] { (ChangeOrigin.Page, "change-metadata"), (ChangeOrigin.Button, "change-metadata"), (ChangeOrigin.Api, "change-metadata-api") })
            Assert.Equal([slug], DocuteamOperation.All.Where(o => o.Wants(change with { Via = via })).Select(o => o.Slug));
    }

    [Theory]
    [InlineData("""{"operation":"insert"}""", null)]
    [InlineData("""{"operation":"insert","token":"t"}""", "X-Auth-Token: t")]
    [InlineData("""{"operation":"insert","token":"t","authentication":"feeder","tokenHeader":"Authorization","tokenPrefix":"Bearer"}""", "Authorization: Bearer t")]
    [InlineData("""{"operation":"insert","token":"t","tokenHeader":"Authorization","tokenPrefix":"Token token="}""", "Authorization: Token token=t")]
    public void Docuteam_token_goes_into_a_header(string keys, string? header)
    {
        var rules = PayloadTests.Read("docuteam", keys, [])!;
        Assert.Equal(header is null ? [] : [header], rules.Headers.Select(h => $"{h.Key}: {h.Value}"));
    }

    [Theory]
    [InlineData("""{"token":"t"}""", "hook.operation")]
    [InlineData("""{"operation":"burn"}""", "hook.operation")]
    [InlineData("""{"operation":"insert","token":"t","tokenHeader":"Content-Type"}""", "hook.tokenHeader")]
    [InlineData("""{"operation":"insert","token":"t\r\nX: y"}""", "hook.tokenHeader")]
    [InlineData("""{"operation":"insert","authentication":"basic"}""", "hook.authentication")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"pid","predicate":"http://p"}]}""", "hook.additionalMetadata[0].fieldLabel")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a\"b","predicate":"http://p"}]}""", "hook.additionalMetadata[0].fieldLabel")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a","predicate":"http://p"},{"fieldLabel":"a","predicate":"http://q"}]}""", "hook.additionalMetadata[1].fieldLabel")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a","predicate":"tilte"}]}""", "hook.additionalMetadata[0].predicate")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a","predicate":"rico:tilte"}]}""", "hook.additionalMetadata[0].predicate")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a","predicate":"title","category":"custom"}]}""", "hook.additionalMetadata[0].category")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a","Field label":"b","predicate":"title"}]}""", "hook.additionalMetadata[0].fieldLabel")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a"}]}""", "hook.additionalMetadata[0].predicate")]
    [InlineData("""{"operation":"insert","additionalMetadata":[{"fieldLabel":"a","predicate":"http://p","multiple":true}]}""", "hook.additionalMetadata[0].multiple")]
    public void Docuteam_faults_name_their_place(string keys, string place)
    {
        var faults = new List<PluginFault>();
        Assert.Null(PayloadTests.Read("docuteam", keys, faults));
        Assert.Equal(place, Assert.Single(faults).Place);
        Assert.All(faults, fault => Assert.False(string.IsNullOrEmpty(fault.Remedy)));
    }

    [Fact]
    public void Equal_docuteam_hooks_share_their_bytes_and_others_do_not()
    {
        const string Rows = ",\"additionalMetadata\":[{\"fieldLabel\":\"a\",\"predicate\":\"http://p\"}]}";
        var first = PayloadTests.Read("docuteam", """{"operation":"insert","token":"t" """ + Rows, [])!;
        var second = PayloadTests.Read("docuteam", """{"operation":"Insert API","token":"u" """ + Rows, [])!;
        var third = PayloadTests.Read("docuteam", """{"operation":"insert"}""", [])!;
        Assert.Equal(first.RenderingKey, second.RenderingKey);
        Assert.NotEqual(first.RenderingKey, third.RenderingKey);
    }
}
