using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using SampleHost.Demo.Cms;

namespace SampleHost.Demo.Receiver;

/// <summary>
/// The addresses that the demo's configuration calls: two for buttons, two for events. Each call is written down with its signature checked,
/// then answered as the switch on the page says.
/// </summary>
internal sealed class ReceiverCalls(CallLog log, AnswerSwitch answers, CmsCalls cms, TimeProvider time)
{
    private const int LargestBody = 4 * 1024 * 1024;

    // Published, as is the demo's configuration that names them too: never use them elsewhere.
    internal const string StandardSecret = "whsec_ZGVtby1vbmx5LXNlY3JldC1kby1ub3QtdXNlLWl0IQ==";
    internal const string DocuteamSecret = "whsec_ZGVtby1kb2N1dGVhbS1zZWNyZXQtZG8tbm90LXVzZQ==";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var calls = endpoints.ServiceProvider.GetRequiredService<ReceiverCalls>();
        endpoints.MapPost("/demo/cms/fetch", (HttpContext context) => calls.PressAsync(context, calls.FetchAsync));
        endpoints.MapPost("/demo/cms/push", (HttpContext context) => calls.PressAsync(context, calls.PushAsync));
        endpoints.MapPost("/demo/receiver", (HttpContext context) => calls.EventAsync(context, StandardSecret));
        endpoints.MapPost("/demo/receiver/docuteam", (HttpContext context) => calls.EventAsync(context, DocuteamSecret));
    }

    private async Task PressAsync(HttpContext context, Func<HttpContext, long, Task<int>> carryOut)
    {
        var body = await ReadAsync(context);
        var call = log.Add(context.Request, body, SignatureCheck.Verify(context.Request.Headers, body, StandardSecret, time.GetUtcNow()));
        await AnswerAsync(context, call, async () =>
        {
            if (CmsCalls.ReadRecordId(context.Request.Query["resource_id"], body) is { } id)
                return await carryOut(context, id);
            return await SayAsync(context, new CmsAnswer(StatusCodes.Status400BadRequest, "Which record? Give its id as ?resource_id=, or as the body."));
        });
    }

    private async Task EventAsync(HttpContext context, string secret)
    {
        var body = await ReadAsync(context);
        var verdict = SignatureCheck.Verify(context.Request.Headers, body, secret, time.GetUtcNow());
        var call = log.Add(context.Request, body, verdict);
        await AnswerAsync(context, call, () => verdict is SignatureVerdict.Verified
            ? SayAsync(context, new CmsAnswer(StatusCodes.Status200OK, "Received."))
            : SayAsync(context, new CmsAnswer(StatusCodes.Status401Unauthorized, verdict.Reason)));
    }

    private async Task<int> FetchAsync(HttpContext context, long recordId) => await SayAsync(context, await cms.FetchAsync(recordId, context.RequestAborted));

    /// <summary>In plain text, where fetching answers in JSON: a button shows both.</summary>
    private async Task<int> PushAsync(HttpContext context, long recordId)
    {
        var answer = await cms.PushAsync(recordId, context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(answer.Message, context.RequestAborted);
        return answer.Status;
    }

    private static async Task<int> SayAsync(HttpContext context, CmsAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, new SpokenAnswer(answer.Message), CmsJson.Default.SpokenAnswer, context.RequestAborted);
        return answer.Status;
    }

    private async Task AnswerAsync(HttpContext context, ReceivedCall call, Func<Task<int>> answerNormally)
    {
        try
        {
            var answer = await answers.MisbehaveAsync(context) ?? (await answerNormally()).ToString(System.Globalization.CultureInfo.InvariantCulture);
            log.Settle(call, answer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            log.Settle(call, "the caller gave up");
        }
        catch (HttpRequestException exception)
        {
            log.Settle(call, "502");
            await SayAsync(context, new CmsAnswer(StatusCodes.Status502BadGateway, $"The host could not be called back: {exception.Message}"));
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = LargestBody;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
