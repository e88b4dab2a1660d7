using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets.Formats;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Standalone.Predicting;

/// <summary>The texts that a model shall read, each with an id.</summary>
internal static class TextsToRead
{
    /// <summary>Texts of the command line; there is a second text for each, or for none.</summary>
    public static IReadOnlyList<(string Id, ModelText Text)> Given(string[] texts, string[] seconds)
    {
        if (seconds.Length > 0 && seconds.Length != texts.Length)
            throw new BadInputException(
                $"--text-b: there are {texts.Length} texts and {seconds.Length} second texts; expected one for each"
            );
        return [.. texts.Select((text, row) => ($"{row + 1}", new ModelText(text, seconds.ElementAtOrDefault(row))))];
    }

    /// <summary>The rows of a file in any format that ingestion reads; labels in it are not looked at.</summary>
    public static IReadOnlyList<(string Id, ModelText Text)> In(string path, string? format, NamedColumns columns)
    {
        var kind = DatasetFormats.Of(path, format);
        var roles = ColumnGuess.Of(path, kind, TextEncoding.Utf8, columns, needsLabel: false);
        using var reader = kind.Open(path, new ReadingOptions(Header: roles.Header));
        reader.Choose(roles.InUse);
        var rows = new List<(string, ModelText)>();
        while (reader.Read())
            rows.Add(
                (
                    Field(roles.Id) ?? $"{rows.Count + 1}",
                    new ModelText(
                        Field(roles.Text)
                            ?? throw FileFault.At(
                                path,
                                reader.Where(roles.Text),
                                "the text is missing; expected a text"
                            ),
                        Field(roles.TextB)
                    )
                )
            );
        return rows.Count > 0 ? rows : throw FileFault.In(path, "the file has no rows; expected at least one");

        string? Field(int column) =>
            column >= 0 && reader.TryGet(column, out var value) && !value.IsEmpty
                ? Encoding.UTF8.GetString(value)
                : null;
    }
}
