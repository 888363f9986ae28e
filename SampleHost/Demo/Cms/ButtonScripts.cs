using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace SampleHost.Demo.Cms;

/// <summary>What a script answers to a button.</summary>
internal sealed record ScriptAnswer(int Status, string Message);

/// <summary>
/// The two scripts that the demo's buttons call. Each does what a script between two systems does: reads the record through the host's API, looks its
/// collection number up, and writes to the one or the other side.
/// </summary>
internal sealed class ButtonScripts(HostApiClient host, ObjectCatalogue catalogue, TimeProvider time)
{
    private const int LargestImageBytes = 20 * 1024 * 1024;

    /// <summary>Fills the record's fields from the object with its collection number.</summary>
    public async Task<ScriptAnswer> FetchAsync(string resourceId, CancellationToken cancellationToken)
    {
        // 1. The host's API tells the collection number that was just typed.
        var (record, version, target, problem) = await FindObjectAsync(resourceId, cancellationToken);
        if (problem is not null)
            return problem;

        // 2. This system looks up what it knows of the object.
        var fields = new Dictionary<string, string[]>
        {
            ["description"] = [target!.Description],
            ["creator"] = [target.Maker],
            ["date"] = [target.Date],
            ["keywords"] = [.. target.Keywords],
            ["location"] = [target.Place],
        };

        // 3. The host's API takes it into the record.
        var refusal = await host.ChangeAsync(record.GetProperty("id").GetInt64(), version, JsonContent.Create(new { title = target.Title, fields }), cancellationToken);
        return refusal is null
            ? new ScriptAnswer(200, $"{target.Number} is “{target.Title}”: title and five fields were filled in.")
            : new ScriptAnswer(409, $"The host did not take the data of {target.Number}: {refusal}");
    }

    /// <summary>Takes the record's first image over to the object with its collection number.</summary>
    public async Task<ScriptAnswer> PushAsync(string resourceId, CancellationToken cancellationToken)
    {
        var (record, _, target, problem) = await FindObjectAsync(resourceId, cancellationToken);
        if (problem is not null)
            return problem;
        var image = record.GetProperty("files").EnumerateArray().FirstOrDefault(IsImage);
        if (image.ValueKind == JsonValueKind.Undefined)
            return new ScriptAnswer(422, "The record has no image to push: add one to it first.");
        if (image.GetProperty("length").GetInt64() > LargestImageBytes)
            return new ScriptAnswer(413, $"The image is larger than the {LargestImageBytes / 1024 / 1024} MB that this system takes.");

        var content = await host.DownloadAsync(image.GetProperty("pid").GetString()!, cancellationToken);
        var name = image.GetProperty("name").GetString()!;
        catalogue.KeepImage(target!, new PushedImage(name, image.GetProperty("mediaType").GetString()!, content, time.GetUtcNow()));
        return new ScriptAnswer(200, $"{name} ({content.Length / 1024} KB) is now the picture of {target!.Number}, “{target.Title}”.");
    }

    private async Task<(JsonElement Record, System.Net.Http.Headers.EntityTagHeaderValue? Version, CatalogueObject? Object, ScriptAnswer? Problem)> FindObjectAsync(
        string resourceId, CancellationToken cancellationToken)
    {
        if (!long.TryParse(resourceId, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return (default, null, null, new ScriptAnswer(400, "The call names no record: the address must end in ?resource_id= and its number."));
        if (await host.FindRecordAsync(id, cancellationToken) is not var (record, version))
            return (default, null, null, new ScriptAnswer(404, $"The host knows no record {id}."));
        var number = record.GetProperty("fields").TryGetProperty("cmsid", out var values) && values.GetArrayLength() > 0 ? values[0].GetString()! : "";
        if (number.Length == 0)
            return (default, null, null, new ScriptAnswer(422, $"The record has no collection number. Type one, such as {catalogue.All[0].Number}, and press again."));
        if (catalogue.Find(number) is { } found)
            return (record, version, found, null);
        var known = string.Join(", ", catalogue.All.Select(candidate => candidate.Number));
        return (default, null, null, new ScriptAnswer(404, $"There is no object {number} here. Known numbers: {known}."));
    }

    private static bool IsImage(JsonElement file) => file.GetProperty("mediaType").GetString()!.StartsWith("image/", StringComparison.Ordinal);
}
