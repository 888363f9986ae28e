using System.Globalization;
using System.Text;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;
using Plugin.ApiWebhooks.Api;
using Plugin.ApiWebhooks.Catalogue;
using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Send;
using Plugin.ApiWebhooks.Track;

namespace Plugin.ApiWebhooks.Pages.Subscriptions;

/// <summary>Reads what a hook is to be tried with, and puts what came of it into words.</summary>
internal sealed class TrialWords(EventCatalogue catalogue, LatestRecords latest)
{
    /// <summary>The fields of a form with which a hook is tried, as they were filled in.</summary>
    public async Task<TrialChoice> ChoiceAsync(IFormCollection? form, string dialect, HostUser user, CancellationToken cancellationToken) => new(
        form?["try.event"].ToString() ?? "",
        form?["try.record"].ToString().Trim() ?? "",
        [.. catalogue.All.Where(entry => entry.Dialect == dialect && entry.Event.Kind is not null).Select(entry => entry.Event.Name).Distinct()],
        await latest.ReadAsync(user, cancellationToken).ConfigureAwait(false));

    /// <summary>What a form asks for; null when the record is no number.</summary>
    public static TrialWish? ReadWish(IFormCollection form)
    {
        var (name, record) = (form["try.event"].ToString(), form["try.record"].ToString().Trim());
        if (record.Length > 0 && !long.TryParse(record, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return null;
        return new TrialWish(name.Length == 0 ? null : name, record.Length == 0 ? null : long.Parse(record, CultureInfo.InvariantCulture));
    }

    /// <summary>Why there is nothing to show.</summary>
    public static ShownTrial Refuse(TrialRefusal refusal, TrialWish wish, string? owner, TrialTexts texts) => new()
    {
        Texts = texts,
        Refusal = refusal.Kind switch
        {
            TrialRefusalKind.NoRecord => Format(texts.NoRecord, wish.RecordId!),
            TrialRefusalKind.NoEvent => Format(texts.NoEvent, wish.Event!),
            TrialRefusalKind.NotWanted => texts.NotWanted,
            TrialRefusalKind.NotForOwner => Format(texts.NotForOwner, owner ?? ""),
            _ => Format(texts.NoMessage, refusal.Detail),
        },
    };

    /// <summary>What would be sent. A change of a real record that would not be sent is not shown: the reason is.</summary>
    /// <param name="trial">The request.</param>
    /// <param name="isOwnSecret">Whether it is signed with the hook's own secret.</param>
    /// <param name="texts">The words.</param>
    public static ShownTrial Preview(Trial trial, bool isOwnSecret, TrialTexts texts)
    {
        if (trial.Change is { KeptOutBy: { } part, IsExample: false })
            return new ShownTrial { Texts = texts, Refusal = $"{texts.NotSent} {WhyKeptOut(part, texts)}" };
        List<string> notes = [isOwnSecret ? texts.OwnSecret : texts.ExampleSecret];
        if (trial.Change.IsExample)
            notes.Insert(0, texts.ExampleRecord);
        if (!trial.Change.PassesFilter)
            notes.Insert(0, texts.ExampleKept);
        return Show(trial, notes, texts);
    }

    /// <summary>A whole exchange.</summary>
    public static ShownTrial Exchange(Trial trial, TrialTexts texts)
    {
        var result = trial.Result!;
        var outcome = result.Outcome.ToString();
        List<string> notes = [texts.NothingKept];
        if (trial.Change.KeptOutBy is { } part)
            notes.Add($"{texts.NotSent} {WhyKeptOut(part, texts)}");
        if (trial.Change.IsExample)
            notes.Add(texts.ExampleRecord);
        return Show(trial, notes, texts) with
        {
            Answer = new ShownAnswer
            {
                Mark = result.Succeeded ? new MarkView(Tone.Good, texts.Taken) : new MarkView(Tone.Bad, texts.NotTaken),
                Status = result.StatusCode is { } status ? string.Create(CultureInfo.InvariantCulture, $"{status} {result.ReasonPhrase}").TrimEnd() : null,
                Duration = string.Create(CultureInfo.InvariantCulture, $"{result.Duration.TotalMilliseconds:0} ms"),
                Detail = result.Detail,
                Advice = result.Succeeded ? null : texts.Advices.GetValueOrDefault(outcome) ?? Send.Advice.For(result.Outcome),
                Headers = [.. KeptAnswer.HeadersOf(result.AnswerHead).Headers.Select(header => (header.Key, header.Value))],
                Body = Encoding.UTF8.GetString(result.Answer.Span),
                IsCut = result.AnswerTruncated,
            },
        };
    }

    private static ShownTrial Show(Trial trial, IReadOnlyList<string> notes, TrialTexts texts) => new()
    {
        Texts = texts,
        Event = trial.Change.EventName,
        Notes = notes,
        Method = trial.Request.Method,
        Url = trial.Request.Url ?? "",
        Headers = [.. trial.Request.Headers.Select(header => (header.Name, header.Value))],
        Body = trial.Request.Body,
    };

    private static string WhyKeptOut(FilterPart part, TrialTexts texts) => part switch
    {
        FilterPart.Types => texts.KeptOutByTypes,
        FilterPart.Collections => texts.KeptOutByCollections,
        _ => texts.KeptOutByFields,
    };

    private static string Format(string text, object value) => string.Format(CultureInfo.InvariantCulture, text, value);
}
