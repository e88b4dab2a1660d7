using System.Text.RegularExpressions;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>The words that say which split a file or a row belongs to.</summary>
internal static partial class SplitNames
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = "train",
        ["training"] = "train",
        ["dev"] = "dev",
        ["val"] = "dev",
        ["valid"] = "dev",
        ["validation"] = "dev",
        ["test"] = "test",
        ["unlabelled"] = "unlabelled",
        ["unlabeled"] = "unlabelled",
    };

    /// <summary>The position in <see cref="DatasetIdentity.SplitNames"/> of the split that a word stands for, or -1.</summary>
    public static int Position(string word) =>
        Words.TryGetValue(word, out var split) ? DatasetIdentity.SplitNames.ToList().IndexOf(split) : -1;

    /// <summary>The split that a user named.</summary>
    public static int Named(string word, string option) =>
        Position(word) is >= 0 and var position
            ? position
            : throw new BadInputException(
                $"{option} {word}: there is no such split; expected one of {string.Join(", ", DatasetIdentity.SplitNames)}"
            );

    /// <summary>The split that the end of a file's name says: <c>stsa.binary.train</c>, <c>valid.csv</c>, <c>train-00000-of-00002.parquet</c>.</summary>
    public static int OfFile(string path)
    {
        var name = Path.GetFileName(path);
        if (DatasetFormats.All.SelectMany(format => format.Endings).Append(".txt").FirstOrDefault(Ends) is { } ending)
            name = name[..^ending.Length];
        name = Shard().Replace(name, "");
        return Position(LastWord().Match(name).Value);

        bool Ends(string candidate) => name.EndsWith(candidate, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("-[0-9]{5}-of-[0-9]{5}$")]
    private static partial Regex Shard();

    [GeneratedRegex("[A-Za-z]+$")]
    private static partial Regex LastWord();
}
