using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace SampleHost.Demo.Cms;

/// <summary>An image that was pushed to an object.</summary>
internal sealed record PushedImage(string Name, string MediaType, byte[] Content, DateTimeOffset PushedAt);

/// <summary>What the system says to a button: a status and a sentence.</summary>
internal sealed record CmsAnswer(int Status, string Message);

/// <summary>
/// What happens when a button calls the demo's collections management system. Fetching is the example of the API Webhooks document:
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Ask the host for the collection number that was just typed, by the record id that came with the call.</item>
/// <item>Look the object up in the own catalogue.</item>
/// <item>Write what is known there into the record, through the Host API.</item>
/// </list>
/// The editor's page, still waiting for the answer, then shows the record anew.
/// </remarks>
internal sealed class CmsCalls(HostCaller host, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PushedImage> _images = new(StringComparer.Ordinal);

    public PushedImage? FindImage(string number) => _images.GetValueOrDefault(number);

    public async Task<CmsAnswer> FetchAsync(long recordId, CancellationToken cancellationToken)
    {
        // 1. The host's API gives the number.
        if (await host.ReadAsync(recordId, cancellationToken) is not HostAnswer<FetchedRecord>.Good { Value: var record })
            return NoRecord(recordId);
        // 2. The own catalogue gives the metadata.
        if (FindObject(record, out var found) is { } refusal)
            return refusal;
        // 3. The host's API takes the metadata.
        return await host.UpdateAsync(recordId, FieldsFor(record.Type, found), cancellationToken) is HostAnswer<bool>.Refused refused
            ? new CmsAnswer(StatusCodes.Status502BadGateway, $"The host did not take the data of {found.Number}: {refused.Reason}")
            : new CmsAnswer(StatusCodes.Status200OK, $"Fetched {found.Number}: {found.Title}");
    }

    public async Task<CmsAnswer> PushAsync(long recordId, CancellationToken cancellationToken)
    {
        if (await host.ReadAsync(recordId, cancellationToken) is not HostAnswer<FetchedRecord>.Good { Value: var record })
            return NoRecord(recordId);
        if (FindObject(record, out var found) is { } refusal)
            return refusal;
        if (record.Files.FirstOrDefault(file => file.MediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)) is not { } image)
            return new CmsAnswer(StatusCodes.Status422UnprocessableEntity, "This record has no image to push. Upload one first.");
        switch (await host.DownloadAsync(image, cancellationToken))
        {
            case HostAnswer<byte[]>.Good content:
                _images[found.Number] = new PushedImage(image.Name, image.MediaType, content.Value, time.GetUtcNow());
                return new CmsAnswer(StatusCodes.Status200OK, $"Took {image.Name} for {found.Number}: {found.Title}");
            case HostAnswer<byte[]>.Refused { Status: HttpStatusCode.RequestEntityTooLarge } tooLarge:
                return new CmsAnswer(StatusCodes.Status422UnprocessableEntity, tooLarge.Reason);
            case var other:
                return new CmsAnswer(StatusCodes.Status502BadGateway, $"The host did not give the image: {((HostAnswer<byte[]>.Refused)other).Reason}");
        }
    }

    /// <summary>
    /// The record a call is about: by <c>resource_id</c> in the query, else by the body, either the bare id or JSON with <c>resource</c>.
    /// </summary>
    internal static long? ReadRecordId(string? query, ReadOnlySpan<byte> body)
    {
        if (TryRead(query, out var id) || TryRead(Encoding.UTF8.GetString(body), out id))
            return id;
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("resource", out var resource)
                && TryRead(resource.ToString(), out id) ? id : null;
        }
        catch (JsonException)
        {
            // Neither an id nor JSON: the caller is told what is asked for.
            return null;
        }
    }

    private static bool TryRead(string? text, out long id) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);

    private static CmsAnswer NoRecord(long id) => new(StatusCodes.Status404NotFound, id < 0
        ? "Defaults for an upload are open to their own user alone, and this system works with the key of another."
        : $"The host has no record {id} that this system may read.");

    /// <returns>Null when the object was found.</returns>
    private static CmsAnswer? FindObject(FetchedRecord record, out CmsObject found)
    {
        found = CmsCatalogue.Find(record.CollectionNumber)!;
        if (record.CollectionNumber.Length == 0)
            return new CmsAnswer(StatusCodes.Status422UnprocessableEntity,
                $"This record has no collection number. Type one, such as {CmsCatalogue.Suggestions}, and press again.");
        return found is null
            ? new CmsAnswer(StatusCodes.Status404NotFound, $"There is no object “{record.CollectionNumber}”. Try {CmsCatalogue.Suggestions}.")
            : null;
    }

    /// <summary>The object's data in the fields that the record's type has.</summary>
    private static Dictionary<string, string[]> FieldsFor(string type, CmsObject found)
    {
        var fields = new Dictionary<string, string[]>
        {
            ["cmsid"] = [found.Number],
            ["title"] = [found.Title],
            ["creator"] = [found.Creator],
            ["date"] = [type == "object" ? found.Date : found.NormalisedDate],
            ["description"] = [found.Description],
            ["keywords"] = [.. found.Keywords],
            ["location"] = [found.Place],
        };
        if (type == "object")
        {
            fields["material"] = [found.Material];
            fields["dimensions"] = [found.Dimensions];
        }

        return fields;
    }
}
