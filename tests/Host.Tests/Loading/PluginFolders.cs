using System.Reflection;
using System.Text.Json.Nodes;

namespace Host.Tests.Loading;

/// <summary>The plugin folders that the build laid out, and copies of them for one test.</summary>
internal static class PluginFolders
{
    /// <summary>The folder of a plugin project, for example <c>Fixture.Hello</c>.</summary>
    public static string Of(string project) =>
        typeof(PluginFolders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => item.Key == $"Plugin:{project}").Value!;

    /// <summary>Copies a plugin into a plugins folder, under an id of the test's choice.</summary>
    public static string Put(string project, string pluginsDirectory, string id, Action<JsonObject>? changeManifest = null)
    {
        // Beside the plugins folder, which is watched: a copy that takes long would be read half done.
        var copy = $"{pluginsDirectory}-{Guid.NewGuid():N}";
        CopyAll(Of(project), copy);
        ChangeManifest(copy, manifest =>
        {
            manifest["id"] = id;
            changeManifest?.Invoke(manifest);
        });
        var target = Path.Combine(pluginsDirectory, id);
        MoveAll(copy, target);
        return target;
    }

    /// <summary>Rewrites a copy's manifest.</summary>
    public static void ChangeManifest(string folder, Action<JsonObject> change)
    {
        var path = Path.Combine(folder, "plugin.json");
        var options = new System.Text.Json.JsonDocumentOptions
        {
            CommentHandling = System.Text.Json.JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
        };
        var manifest = JsonNode.Parse(File.ReadAllText(path), documentOptions: options)!.AsObject();
        change(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }

    // Whole where nothing stands there yet, otherwise file by file over what does.
    private static void MoveAll(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (!Directory.Exists(target))
        {
            Directory.Move(source, target);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var moved = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
            File.Move(file, moved, overwrite: true);
        }

        Directory.Delete(source, recursive: true);
    }

    private static void CopyAll(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
