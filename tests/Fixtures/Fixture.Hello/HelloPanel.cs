using System.Text.Encodings.Web;
using Dam.Hosting;
using Microsoft.AspNetCore.Html;

namespace Fixture.Hello;

/// <summary>Adds a panel to records whose titles ask for one; and does with some what a plugin should not.</summary>
internal sealed class HelloPanel : IRecordPageContributor
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets those go on that wait and heed nothing.</summary>
    public void Release() => _released.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask<RecordPanel?> DescribeAsync(RecordPageContext page, CancellationToken cancellationToken)
    {
        switch (page.Record.Title)
        {
            case "panel":
                return new RecordPanel("Hello <panel>", new HtmlString($"<p>For <em>{page.User.Name}</em> in {page.Language}.</p>"));
            case "panel throws":
                throw new InvalidOperationException("Thrown on purpose.");
            case "panel throws late":
                return new RecordPanel("Late", new Throwing());
            case "panel hangs":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return null;
            case "panel is deaf":
                await _released.Task;
                return null;
            default:
                return null;
        }
    }

    private sealed class Throwing : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder) => throw new InvalidOperationException("Thrown on purpose.");
    }
}
