using System.Text;

namespace SampleHost.Demo.Cms;

/// <summary>
/// The doors of the demo's system: two scripts for buttons, two receivers for events. They stand in for somebody else's server, so they ask for no sign-in
/// and take what comes over HTTP.
/// </summary>
internal static class CmsEndpoints
{
    /// <summary>The secret of the receiver at <c>/demo/receiver</c>; published with the demo, so good for nothing else.</summary>
    public const string StandardSecret = "whsec_ZGVtby1vbmx5LXNlY3JldC1kby1ub3QtdXNlLWl0IQ==";

    /// <summary>The secret of the receiver at <c>/demo/receiver/docuteam</c>.</summary>
    public const string DocuteamSecret = "whsec_ZGVtby1kb2N1dGVhbS1zZWNyZXQtZG8tbm90LXVzZQ==";

    private const int LargestBodyBytes = 1024 * 1024;

    private static readonly byte[] Thanks = Encoding.UTF8.GetBytes("""{"message":"Received."}""");

    public static void Map(IEndpointRouteBuilder app)
    {
        MapScript(app, "/demo/cms/fetch", (scripts, id, cancellationToken) => scripts.FetchAsync(id, cancellationToken));
        MapScript(app, "/demo/cms/push", (scripts, id, cancellationToken) => scripts.PushAsync(id, cancellationToken));
        MapReceiver(app, "/demo/receiver", StandardSecret);
        MapReceiver(app, "/demo/receiver/docuteam", DocuteamSecret);
    }

    private delegate Task<ScriptAnswer> Script(ButtonScripts scripts, string resourceId, CancellationToken cancellationToken);

    private static void MapScript(IEndpointRouteBuilder app, string path, Script script) => app.MapPost(path, (HttpContext context) =>
        TakeAsync(context, StandardSecret, async call =>
        {
            var id = context.Request.Query["resource_id"].ToString();
            var answer = await script(context.RequestServices.GetRequiredService<ButtonScripts>(), id.Length > 0 ? id : call.Body, context.RequestAborted);
            context.Response.StatusCode = answer.Status;
            await context.Response.WriteAsJsonAsync(new { message = answer.Message }, context.RequestAborted);
            return answer.Message;
        }));

    private static void MapReceiver(IEndpointRouteBuilder app, string path, string secret) => app.MapPost(path, (HttpContext context) =>
        TakeAsync(context, secret, async call =>
        {
            if (call.Signature != SignatureVerdict.Verified)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await context.Response.WriteAsJsonAsync(new { message = "The signature does not fit." }, context.RequestAborted);
                return "refused: the signature does not fit";
            }

            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Thanks, context.RequestAborted);
            return "received";
        }));

    /// <summary>Notes the call, then answers as the switch says.</summary>
    private static async Task TakeAsync(HttpContext context, string secret, Func<ReceivedCall, Task<string>> answer)
    {
        var calls = context.RequestServices.GetRequiredService<ReceivedCalls>();
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        if (await ReadBodyAsync(context.Request) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }

        var verdict = SignatureCheck.Check(context.Request.Headers, body, secret, time.GetUtcNow());
        var call = calls.Add(context.Request, Encoding.UTF8.GetString(body), verdict);
        switch (context.RequestServices.GetRequiredService<Mood>().Now)
        {
            case Answering.WithAnError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsJsonAsync(new { message = "The switch on the demo's page says so." }, context.RequestAborted);
                calls.Answered(call, context.Response.StatusCode, "failed, because the switch says so");
                return;
            case Answering.WithARedirect:
                context.Response.Redirect("/demo/cms");
                calls.Answered(call, context.Response.StatusCode, "redirected, because the switch says so");
                return;
            case Answering.Never:
                calls.Answered(call, null, "hung up, because the switch says so");
                context.Abort();
                return;
            case Answering.Slowly:
                await Task.Delay(Mood.SlowAnswer, time, context.RequestAborted);
                break;
        }

        var done = await answer(call);
        calls.Answered(call, context.Response.StatusCode, done);
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > LargestBodyBytes)
                return null;
            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }
}
