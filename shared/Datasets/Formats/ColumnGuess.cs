using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets.Formats;

/// <summary>Finds out what the columns of a file are for: from the user's names, from usual names, from the values.</summary>
public static class ColumnGuess
{
    private const int SampledRecords = 200;

    private static readonly (string First, string Second)[] Pairs =
    [
        ("sentence1", "sentence2"),
        ("premise", "hypothesis"),
        ("question1", "question2"),
        ("text_a", "text_b"),
        ("text1", "text2"),
        ("texta", "textb"),
        ("text", "textb"),
        ("question", "sentence"),
        ("#1 string", "#2 string"),
    ];

    private static readonly string[] Texts =
    [
        "text",
        "sentence",
        "review",
        "content",
        "comment",
        "message",
        "body",
        "document",
        "tweet",
        "utterance",
        "question",
        "headline",
        "description",
        "review_text",
        "reviewtext",
        "sms",
        "title",
    ];

    private static readonly string[] Labels =
    [
        "label",
        "labels",
        "class",
        "category",
        "target",
        "sentiment",
        "polarity",
        "topic",
        "intent",
        "gold_label",
        "quality",
        "stars",
        "rating",
        "score",
    ];

    private static readonly string[] Ids = ["id", "guid", "uid", "example_id"];

    /// <summary>Reads the beginning of a file and says which column is what.</summary>
    /// <param name="needsLabel">A label column that was named must be there.</param>
    public static ColumnRoles Of(
        string path,
        IDatasetFormat format,
        TextEncoding encoding,
        NamedColumns named,
        bool needsLabel = true
    )
    {
        if (format.Roles is { } roles)
            return named == new NamedColumns()
                ? roles
                : throw FileFault.In(path, $"is {format.Name}, whose columns are known; expected no names of columns");
        var (columns, records) = Sample(path, format, encoding);
        if (!format.MayLackHeader)
            return new Search(path, columns, records, named, needsLabel).Roles(header: true);
        if (!HasHeader(columns, records, named))
            return new Search(path, columns, records, named, needsLabel).Roles(header: false);
        string[] names = [.. records[0].Select(name => name?.Trim() ?? "")];
        return new Search(path, names, records[1..], named, needsLabel).Roles(header: true);
    }

    private static (string[] Columns, List<string?[]> Records) Sample(
        string path,
        IDatasetFormat format,
        TextEncoding encoding
    )
    {
        using var reader = format.Open(path, new ReadingOptions(encoding, Header: false));
        var columns = reader.Columns.ToArray();
        var records = new List<string?[]>();
        if (!format.MayLackHeader)
            return (columns, records);
        reader.Choose([.. Enumerable.Range(0, columns.Length)]);
        while (records.Count < SampledRecords && reader.Read())
            records.Add([
                .. Enumerable
                    .Range(0, columns.Length)
                    .Select(column => reader.TryGet(column, out var value) ? Encoding.UTF8.GetString(value) : null),
            ]);
        return (columns, records);
    }

    /// <summary>
    /// The first record names columns where it holds a name the user gave or a usual one. Where it does not, it still
    /// does if its value in the column of few values never comes again.
    /// </summary>
    private static bool HasHeader(string[] columns, List<string?[]> records, NamedColumns named)
    {
        var first = records[0].Select(value => value?.Trim() ?? "").ToArray();
        string?[] given = [named.Text, named.TextB, named.Label, named.Id, named.Split, named.Group];
        if (given.Any(name => name is not null && first.Contains(name, StringComparer.OrdinalIgnoreCase)))
            return true;
        if (given.Any(name => name is not null && columns.Contains(name)))
            return false;
        var usual = Pairs
            .SelectMany(pair => new[] { pair.First, pair.Second })
            .Concat(Texts)
            .Concat(Labels)
            .Concat(Ids);
        if (usual.Any(name => first.Contains(name, StringComparer.OrdinalIgnoreCase)))
            return true;
        var few = FewestValues(records, first.Length);
        return few >= 0 && records.Skip(1).All(record => record[few]?.Trim() != first[few]);
    }

    /// <summary>The only column whose values are single words that repeat as labels do; -1 for none or several.</summary>
    private static int FewestValues(IReadOnlyList<string?[]> records, int columns)
    {
        var found = -1;
        for (var column = 0; column < columns; column++)
        {
            var values = records.Select(record => record[column]?.Trim() ?? "").ToList();
            var different = values.Distinct().Count();
            if (
                values.Any(value => value.Length is 0 or > 64)
                || different < 2
                || different > Math.Max(3, values.Count / 4)
            )
                continue;
            if (found >= 0)
                return -1;
            found = column;
        }
        return found;
    }

    private sealed class Search(
        string path,
        string[] columns,
        IReadOnlyList<string?[]> records,
        NamedColumns named,
        bool needsLabel
    )
    {
        private readonly List<string> _guesses = [];
        private bool _header;

        public ColumnRoles Roles(bool header)
        {
            _header = header;
            var id = Column("--id", named.Id) ?? Usual("id", Ids);
            var split = Column("--split-column", named.Split) ?? Usual("split", ["split"]);
            var group = Column("--group", named.Group) ?? -1;
            var label = Column("--label", named.Label, needsLabel) ?? Usual("label", Labels);
            var (text, textB) = FindTexts(label);
            if (label < 0 && named.Label is null && columns.Length == 2 && textB < 0)
                label = FewValued(text);
            if (text < 0 && label >= 0 && columns.Length == 2)
                text = Guess("text", 1 - label);
            if (text < 0)
                throw FileFault.In(
                    path,
                    $"which column holds the text? expected a name like text, sentence or review, or --text COL; there are {Listed()}"
                );
            return new ColumnRoles(header, text, textB, label, id, split, group, _guesses);
        }

        private (int Text, int TextB) FindTexts(int label)
        {
            var text = Column("--text", named.Text);
            var textB = Column("--text-b", named.TextB);
            if (text is null && textB is null)
                foreach (var (first, second) in Pairs)
                    if (Position(first) is >= 0 and var left && Position(second) is >= 0 and var right)
                        return (Guess("text", left), Guess("second text", right));
            if (text is null && Usual("text", Texts) is >= 0 and var usual)
                text = usual;
            if (text is null && columns.Length == 1)
                text = Guess("text", 0);
            if (text is null && label < 0 && columns.Length == 2 && FewestValues(records, 2) is >= 0 and var few)
                text = Guess("text", 1 - few);
            return (text ?? -1, textB ?? -1);
        }

        private int FewValued(int text) =>
            FewestValues(records, columns.Length) is >= 0 and var few && few != text ? Guess("label", few) : -1;

        /// <summary>The column the user named; -1 for <c>none</c>, null where none was named.</summary>
        private int? Column(string option, string? name, bool needed = true)
        {
            if (name is null)
                return null;
            if (Position(name) is >= 0 and var position)
                return position;
            if (name == "none" || !needed)
                return -1;
            throw FileFault.In(path, $"{option} {name}: there is no such column; expected one of {Listed()}");
        }

        private int Usual(string role, string[] names)
        {
            foreach (var name in names)
                if (Position(name) is >= 0 and var position)
                    return Guess(role, position);
            return -1;
        }

        private int Guess(string role, int column)
        {
            _guesses.Add($"{role}: column '{columns[column]}'");
            return column;
        }

        private int Position(string name)
        {
            var found = Array.FindIndex(columns, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (found >= 0 && columns.Count(column => column.Equals(name, StringComparison.OrdinalIgnoreCase)) > 1)
                throw FileFault.At(path, "line 1", $"two columns are called '{name}'; expected different names");
            return found;
        }

        private string Listed() =>
            string.Join(
                ", ",
                columns.Select(
                    (column, position) => _header ? $"'{column}'" : $"'{column}' (such as \"{records[0][position]}\")"
                )
            );
    }
}
