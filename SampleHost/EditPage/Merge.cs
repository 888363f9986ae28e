using Dam.Hosting;
using SampleHost.Pages.Record;
using SampleHost.Records;

namespace SampleHost.EditPage;

/// <summary>Compares a form that came too late with what is stored now. Pure.</summary>
internal static class Merge
{
    /// <summary>The fields on which form and store differ.</summary>
    /// <param name="type">The content type.</param>
    /// <param name="mine">The form's values.</param>
    /// <param name="theirs">The stored values.</param>
    /// <param name="original">The values the form was drawn from, or null when they are not known any more: then both count as changed.</param>
    /// <param name="language">The page's language, for labels.</param>
    public static IReadOnlyList<ConflictFieldView> Compare(
        ContentType type, FieldValues mine, FieldValues theirs, FieldValues? original, string language)
    {
        var differing = new List<ConflictFieldView>();
        foreach (var field in type.Fields.Where(field => mine.ContainsKey(field.Name)))
        {
            var (my, their) = (mine.Of(field.Name), theirs.Of(field.Name));
            if (Same(my, their))
                continue;
            var by = original is null ? ChangedBy.Both : WhoChanged(my, their, original.Of(field.Name));
            differing.Add(new ConflictFieldView(field.Name, field.Label.In(language), my, their, by, by != ChangedBy.Them));
        }

        return differing;
    }

    /// <summary>The values to save once the editor has chosen: what is not chosen from the form stays as it is stored.</summary>
    /// <param name="mine">The form's values.</param>
    /// <param name="choose">Whether the form's values of a field are chosen.</param>
    public static FieldValues Choose(FieldValues mine, Func<string, bool> choose)
    {
        var chosen = new FieldValues();
        foreach (var (name, values) in mine.Where(field => choose(field.Key)))
            chosen[name] = values;
        return chosen;
    }

    public static bool Same(IReadOnlyList<string> left, IReadOnlyList<string> right) => left.SequenceEqual(right, StringComparer.Ordinal);

    private static ChangedBy WhoChanged(IReadOnlyList<string> mine, IReadOnlyList<string> theirs, IReadOnlyList<string> original)
    {
        if (Same(mine, original))
            return ChangedBy.Them;
        return Same(theirs, original) ? ChangedBy.Me : ChangedBy.Both;
    }
}
