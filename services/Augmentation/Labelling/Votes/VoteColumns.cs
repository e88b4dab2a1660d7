using System.Globalization;
using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Augmentation.Labelling.Votes;

/// <summary>
/// Columns of votes that came with the data. A row is found by its <c>id</c>, or by its place in train where the file has no such
/// column; a vote is a label's name, or empty or -1 for an abstention. True labels that the file also holds are never read.
/// </summary>
internal sealed class VoteColumns
{
    private readonly Dictionary<string, sbyte[]> _rows = [];

    private VoteColumns(IReadOnlyList<string> names) => Names = names;

    public IReadOnlyList<string> Names { get; }

    /// <param name="name">What messages call the file.</param>
    /// <param name="named">Columns that must be there.</param>
    /// <param name="further">Columns to read where they are there; with no named ones none: all but those of texts, ids and true labels.</param>
    /// <exception cref="BadInputException">A column is missing or a vote is no label.</exception>
    public static VoteColumns Read(
        string path,
        string name,
        IReadOnlyList<string> named,
        IReadOnlyList<string> further,
        IReadOnlyList<string> labels
    )
    {
        try
        {
            using var records = DatasetFormats.Of(path).Open(path, new ReadingOptions());
            return Read(records, name, named, further, labels);
        }
        catch (BadInputException fault)
        {
            throw fault.Naming((path, name));
        }
    }

    public int? Find(string column) => Names.ToList().IndexOf(column) is >= 0 and var found ? found : null;

    public sbyte Vote(string id, int column) =>
        _rows.TryGetValue(id, out var votes) ? votes[column] : VoteTable.Abstains;

    /// <summary>How many of these rows the file has votes for.</summary>
    public int Known(IEnumerable<string> ids) => ids.Count(_rows.ContainsKey);

    private static VoteColumns Read(
        IRecordReader records,
        string name,
        IReadOnlyList<string> named,
        IReadOnlyList<string> further,
        IReadOnlyList<string> labels
    )
    {
        string[] all = [.. records.Columns];
        var id = Array.IndexOf(all, "id");
        var missing = named.Except(all).ToList();
        if (missing.Count > 0)
            throw new BadInputException([
                .. missing.Select(column =>
                    $"votes: {name} has no column '{column}'; expected some of {string.Join(", ", all)}"
                ),
            ]);
        int[] voting =
        [
            .. named.Count + further.Count > 0
                ? named.Union(further.Intersect(all)).Select(column => Array.IndexOf(all, column))
                : Enumerable.Range(0, all.Length).Where(column => !IsOther(all[column])),
        ];
        if (voting.Length == 0)
            throw new BadInputException($"{name}: no column holds votes; its columns are {string.Join(", ", all)}");
        var read = new VoteColumns([.. voting.Select(column => all[column])]);
        records.Choose(id < 0 ? voting : [id, .. voting]);
        var numbers = labels.Select((label, number) => (label, (sbyte)number)).ToDictionary();
        for (var row = 0; records.Read(); row++)
            if (!read._rows.TryAdd(IdOf(records, id, row), [.. voting.Select(column => VoteOf(records, column))]))
                throw new BadInputException(
                    $"{name}, {records.Where(id)}: id '{IdOf(records, id, row)}' stands there twice"
                );
        return read;

        sbyte VoteOf(IRecordReader record, int column)
        {
            if (!record.TryGet(column, out var value) || value.IsEmpty)
                return VoteTable.Abstains;
            var text = Encoding.UTF8.GetString(value);
            return numbers.TryGetValue(text, out var number) ? number
                : text == "-1" ? VoteTable.Abstains
                : throw new BadInputException(
                    $"{name}, {record.Where(column)}: column '{all[column]}' votes '{text}'; expected one of "
                        + $"{string.Join(", ", labels)}, or -1 or nothing for an abstention"
                );
        }
    }

    private static string IdOf(IRecordReader records, int id, int row) =>
        id >= 0 && records.TryGet(id, out var value)
            ? Encoding.UTF8.GetString(value)
            : string.Create(CultureInfo.InvariantCulture, $"train-{row}");

    private static bool IsOther(string column) =>
        column.ToLowerInvariant()
            is "id"
                or "text"
                or "label"
                or "sentence"
                or "text_b"
                or "textb"
                or "split"
                or "group";
}
