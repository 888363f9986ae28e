using Plugin.ApiWebhooks.Configure;
using Plugin.ApiWebhooks.Dialects;
using Plugin.ApiWebhooks.Send;

namespace Plugin.ApiWebhooks.Deliver;

/// <summary>
/// Asks receivers for permission where the dialect has a question: before the first attempt to an address since the start, and again as long as it is refused. Attempts
/// that begin at the same time share one question.
/// </summary>
/// <param name="sender">The one way out.</param>
/// <param name="permitted">Told of each permission, with the rate or null for no limit.</param>
internal sealed class Handshakes(GuardedSender sender, Action<Route, RateLimit?> permitted)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Question> _questions = new(StringComparer.Ordinal);

    /// <summary>Asks, unless there is nothing to ask or permission was given before.</summary>
    /// <returns>Null when the attempt may go; else how asking ended, which is how the attempt ends.</returns>
    public async ValueTask<AttemptResult?> AskAsync(Route route, CancellationToken interrupt)
    {
        if (route.Handshake is not { } handshake)
            return null;
        Question? question;
        lock (_gate)
        {
            if (!_questions.TryGetValue(route.HookKey, out question) || question.Url != route.Url)
                _questions[route.HookKey] = question = new Question(route.Url, AskNowAsync(route, handshake, interrupt));
        }
        AttemptResult? refusal = null;
        var isAnswered = false;
        try
        {
            refusal = await question.Refusal;
            isAnswered = true;
            return refusal;
        }
        finally
        {
            // Refused, or broken: the next attempt asks again.
            if (!isAnswered || refusal is not null)
                Forget(route.HookKey, question);
        }
    }

    private void Forget(string hookKey, Question question)
    {
        lock (_gate)
        {
            if (_questions.GetValueOrDefault(hookKey) == question)
                _questions.Remove(hookKey);
        }
    }

    private async Task<AttemptResult?> AskNowAsync(Route route, Handshake handshake, CancellationToken interrupt)
    {
        // Not under the gate.
        await Task.Yield();
        var result = await sender.PostAsync(route.Ask(handshake), interrupt);
        if (!result.Succeeded)
            return result with { Detail = $"The receiver was asked for permission first ({handshake.Method}). {result.Detail}" };
        var permission = handshake.Judge(result.Headers);
        if (permission.Objection is { } objection)
            return result with { Outcome = AttemptOutcome.ClientError, Detail = objection };
        permitted(route, permission.Rate);
        return null;
    }

    private sealed record Question(string Url, Task<AttemptResult?> Refusal);
}
