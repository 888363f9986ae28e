using System.Runtime.CompilerServices;
using Dam.Hosting;

namespace Host.Tests.PublicApi;

/// <summary>What plugins are built against changes only on purpose.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_sdk_is_what_was_reviewed()
    {
        var actual = ApiText.Of(typeof(IHostPlugin).Assembly);
        var path = Path.Combine(Folder(), "Host.Abstractions.txt");
        var reviewed = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual == reviewed)
            return;

        var proposal = path + ".new";
        File.WriteAllText(proposal, actual);
        var gone = reviewed.Split('\n').Except(actual.Split('\n')).Select(line => "- " + line);
        var added = actual.Split('\n').Except(reviewed.Split('\n')).Select(line => "+ " + line);
        Assert.Fail($"""
            The public API of Host.Abstractions differs from the reviewed text:
            {string.Join('\n', gone.Concat(added))}

            1. A line with a minus breaks plugins: raise the major part of HostApi.Version, or take the change back.
            2. A line with a plus alone: raise the minor part of HostApi.Version once per release.
            3. Is every new member documented and used by somebody? Then accept the new text:
               mv {proposal} {path}
            """);
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
