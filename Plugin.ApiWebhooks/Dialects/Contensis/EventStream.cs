using System.Globalization;
using System.Text;
using Dam.Hosting;
using Microsoft.AspNetCore.Http;

namespace Plugin.ApiWebhooks.Dialects.Contensis;

/// <summary>One open stream of server-sent events.</summary>
/// <param name="parts">What it is made of.</param>
/// <param name="rules">Which events, and how they look.</param>
/// <param name="userName">Whose rights decide what is told.</param>
/// <param name="response">Where to.</param>
internal sealed class EventStream(EventStreamParts parts, ContensisRules rules, string userName, HttpResponse response)
{
    private const int Batch = 200;

    // Proxies close what is silent, and often after a minute.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <summary>Tells what happens until it is cancelled, or until there is no such user any more.</summary>
    /// <param name="position">The sequence of the last change that is not told.</param>
    /// <param name="id">The stream's id, and that of every message.</param>
    /// <param name="isResumable">Whether ids of messages tell the position too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(long position, Guid id, bool isResumable, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        Task? more = null;
        while (true)
        {
            var changes = await parts.Log.ReadAfterAsync(position, Batch, cancellationToken).ConfigureAwait(false);
            if (await parts.Users.FindAsync(userName, cancellationToken).ConfigureAwait(false) is not { } user)
                return;
            var hasTold = false;
            foreach (var change in changes)
            {
                position = change.Sequence;
                if (!rules.Wants(change) || !rules.MayReceive(change, user, parts.Records))
                    continue;
                var frameId = isResumable ? string.Create(CultureInfo.InvariantCulture, $"{id:D}.{position}") : id.ToString("D");
                await response.Body.WriteAsync(Frame(change, frameId), cancellationToken).ConfigureAwait(false);
                hasTold = true;
            }
            if (hasTold)
                await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (changes.Count > 0)
                continue;
            more ??= parts.Log.WaitForMoreAsync(position, cancellationToken);
            if (await IsDoneAsync(more, cancellationToken).ConfigureAwait(false))
                more = null;
            else
                await WriteCommentAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // Else nginx would gather what it passes on.
        response.Headers["X-Accel-Buffering"] = "no";
        await WriteCommentAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteCommentAsync(CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Comment, cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    // One wait for the log serves as many silences as there are.
    private async Task<bool> IsDoneAsync(Task more, CancellationToken cancellationToken)
    {
        try
        {
            await more.WaitAsync(KeepAlive, parts.Time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private byte[] Frame(Change change, string id)
    {
        string body;
        try
        {
            body = Encoding.UTF8.GetString(rules.Render(change, parts.Host).Body.Span);
        }
        catch (RenderException exception)
        {
            // A comment: whoever wrote the template may look at what comes over the wire.
            return Encoding.UTF8.GetBytes($": {exception.Message.ReplaceLineEndings(" ")}\n\n");
        }
        var frame = new StringBuilder(body.Length + 100).Append("id: ").Append(id).Append('\n');
        // What ends a line there, and nothing else: a JSON text may have other separators in it.
        foreach (var line in body.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r'))
            frame.Append("data: ").Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(frame.Append('\n').ToString());
    }
}
