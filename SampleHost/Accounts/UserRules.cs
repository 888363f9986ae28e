using System.Net.Mail;
using Dam.Hosting;
using System.Data.Common;

namespace SampleHost.Accounts;

/// <summary>Checks what is said of a user. A value of null is not given and not checked.</summary>
internal static class UserRules
{
    private const int LongestName = 200;
    private const int LongestEmail = 254;

    public static IReadOnlyList<FieldError> Check(
        string? displayName, string? firstName, string? lastName, string? email,
        IReadOnlyList<string>? roles, IReadOnlyDictionary<string, IReadOnlyList<string>>? collectionRoles)
    {
        var errors = new List<FieldError>();
        if (displayName is not null && string.IsNullOrWhiteSpace(displayName))
            errors.Add(new FieldError("displayName", "A value is needed here."));
        CheckName("displayName", displayName);
        CheckName("firstName", firstName);
        CheckName("lastName", lastName);
        if (email is not null && !IsEmail(email))
            errors.Add(new FieldError("email", "This is not an e-mail address. Write one such as vera@example.org."));
        CheckRoles("roles", roles ?? []);
        CheckRoles("collectionRoles", collectionRoles?.Values.SelectMany(ofCollection => ofCollection) ?? []);
        return errors;

        void CheckName(string field, string? value)
        {
            if (value is { Length: > LongestName })
                errors.Add(new FieldError(field, $"Too long: {value.Length} characters, at most {LongestName} are allowed."));
            if (value is not null && value.Any(char.IsControl))
                errors.Add(new FieldError(field, "It holds control characters. Remove them."));
        }

        void CheckRoles(string field, IEnumerable<string> given)
        {
            if (given.FirstOrDefault(role => !Roles.Exists(role)) is { } unknown)
                errors.Add(new FieldError(field, $"There is no role '{unknown}': use one of {string.Join(", ", Roles.All)}."));
        }
    }

    public static FieldError? FindUnknownCollection(DbConnection connection, IReadOnlyDictionary<string, IReadOnlyList<string>> collectionRoles) =>
        collectionRoles.Keys.FirstOrDefault(collection => !Collections.Exists(connection, collection)) is { } unknown
            ? new FieldError("collectionRoles", $"There is no collection '{unknown}'.")
            : null;

    private static bool IsEmail(string text) =>
        text.Length <= LongestEmail && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
