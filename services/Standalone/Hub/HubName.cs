using System.Text.RegularExpressions;
using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Hub;

/// <summary>A model on a hub, at a branch, a tag or a commit.</summary>
/// <param name="Name"><c>owner/name</c>, or a name alone.</param>
internal sealed partial record HubName(string Name, string Revision)
{
    private const int LongestRevision = 255;

    /// <summary>What it is stored as unless another name is given.</summary>
    public string Last => Name[(Name.IndexOf('/') + 1)..];

    /// <param name="text"><c>NAME</c> for its branch <c>main</c>, or <c>NAME@REVISION</c>.</param>
    public static HubName Of(string text)
    {
        var parts = text.Split('@', 2);
        var revision = parts.ElementAtOrDefault(1) ?? "main";
        return
            ModelName().IsMatch(parts[0])
            && !parts[0].Contains("..", StringComparison.Ordinal)
            && revision.Length is > 0 and <= LongestRevision
            && revision.All(letter => letter is > ' ' and <= '~')
            ? new(parts[0], revision)
            : throw new BadInputException(
                $"'{text}' is no model of a hub; expected owner/name or owner/name@revision, as in sentence-transformers/all-MiniLM-L6-v2"
            );
    }

    [GeneratedRegex(@"\A([A-Za-z0-9_][A-Za-z0-9._-]{0,95}/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex ModelName();
}
