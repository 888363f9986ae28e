using Dam.Hosting;
using SampleHost.Accounts;
using SampleHost.Records;

namespace SampleHost.Api;

/// <summary>The errors of the Host API as problem details (RFC 9457). Each detail says what is wrong and what to do.</summary>
internal static class Problems
{
    public static IResult Of(int status, string title, string detail, IDictionary<string, object?>? more = null) =>
        Results.Problem(detail, statusCode: status, title: title, extensions: more);

    public static IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Of(401, "Not signed in", ApiKeyAuthentication.FindKey(context.Request.Headers) is null
            ? "Send an API key in the header Authorization or X-Api-Key."
            : "The API key or token is unknown, or no longer valid. Check it, or ask for another.");
    }

    public static IResult Forbidden(string reason) => Of(403, "Not allowed", reason);

    public static IResult NoRecord(long id) => Of(404, "No such record", $"There is no record {id}, or none that this caller may see.");

    public static IResult NoFile(string pid) => Of(404, "No such file", $"There is no file {pid}, or none that this caller may see.");

    public static IResult BadRequest(string detail) => Of(400, "Request not understood", detail);

    public static IResult NotPossible(string reason) => Of(409, "Not possible", reason);

    public static IResult Invalid(IEnumerable<FieldError> errors)
    {
        var byField = errors.GroupBy(error => error.Field, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray(), StringComparer.Ordinal);
        var detail = string.Join(" ", byField.Select(pair => $"{pair.Key}: {string.Join(" ", pair.Value)}"));
        return Of(422, "Values refused", $"Nothing was saved. {detail}", new Dictionary<string, object?> { ["errors"] = byField });
    }

    /// <summary>A save that did not happen.</summary>
    public static IResult From(SaveResult result, long? id, string? pid = null) => result switch
    {
        SaveResult.Invalid invalid => Invalid(invalid.Errors),
        SaveResult.Forbidden forbidden => Forbidden(forbidden.Reason),
        SaveResult.Cancelled cancelled => NotPossible(cancelled.Reason),
        SaveResult.Stale stale => Of(412, "Changed by somebody else",
            $"The record is at version {stale.Current.Version} by now. Read it again, apply the change to it and send the new version in If-Match. Nothing was saved.",
            new Dictionary<string, object?> { ["current"] = RecordView.From(stale.Current) }),
        SaveResult.NotFound => pid is not null ? NoFile(pid) : NoRecord(id ?? 0),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no problem."),
    };
}
