using System.Globalization;
using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Every label of an import, how often each split has it, and where each split had it first.</summary>
internal sealed class LabelBook
{
    private const int MostLabels = 10_000;
    private const int LongestLabel = 256;

    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Range[] _ranges = [.. DatasetIdentity.SplitNames.Select(_ => new Range())];
    private string? _notANumber;
    private bool _fractions;

    // Only numbers may be more than are kept.
    private bool _overflowed;

    /// <summary>All labels are numbers and at least one has a fraction.</summary>
    public bool LooksLikeRegression => _notANumber is null && _fractions;

    public void Add(ReadOnlySpan<byte> label, int split, ImportSource source, IRecordReader reader)
    {
        if (label.Length > LongestLabel)
            throw Fault(
                source,
                reader,
                $"a label of {label.Length} bytes; is this the label column? name it with --label"
            );
        Span<char> characters = stackalloc char[LongestLabel];
        var name = characters[..Encoding.UTF8.GetChars(label, characters)];
        if (!_entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var entry))
            entry = Enter(name.ToString(), source, reader);
        if (entry.Counts[split]++ == 0 && !_overflowed)
            entry.First[split] = $"{source.Path}: {reader.Where(source.Roles.Label)}";
        _ranges[split].Add(entry.Number);
    }

    /// <summary>
    /// The label set: the labels of the first split that has any; whole numbers by size, others by code point. Of tags both
    /// of each type, of questions whether some have no answer, in any split.
    /// </summary>
    public IReadOnlyList<string> Names(TaskType task)
    {
        if (task is TaskType.Regression or TaskType.Text || FirstLabelled is not { } split)
            return [];
        if (task is TaskType.QuestionAnswering)
            return _entries.ContainsKey(Answers.Unanswerable)
                ? [Answers.Answerable, Answers.Unanswerable]
                : [Answers.Answerable];
        var names = _entries.Where(entry => entry.Value.Counts[split] > 0).Select(entry => entry.Key).ToList();
        if (task is TaskType.TokenClassification)
            return EntityTags.Names(names);
        if (names.All(name => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)))
            return
            [
                .. names
                    .OrderBy(name => long.Parse(name, CultureInfo.InvariantCulture))
                    .ThenBy(name => name, StringComparer.Ordinal),
            ];
        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// <summary>Refuses labels that do not fit the task or that the label set does not hold.</summary>
    public void Check(TaskType task)
    {
        if (task is TaskType.Regression && _notANumber is not null)
            throw new BadInputException($"{_notANumber}; expected a number, as --task regression asks");
        if (task is TaskType.Regression or TaskType.Text)
            return;
        if (_overflowed)
            throw new BadInputException(
                $"there are more than {MostLabels} different labels; expected --task regression"
            );
        if (FirstLabelled is not { } set)
            throw new BadInputException(
                $"no row has a label; expected a label column, as --task {DatasetImporter.NameOf(task)} asks"
            );
        var names = Names(task).ToHashSet();
        var outside = _entries
            .Where(entry => !names.Contains(entry.Key))
            .SelectMany(entry =>
                entry.Value.First.Where(first => first is not null).Select(first => (entry.Key, first))
            )
            .Take(10)
            .Select(found =>
                $"{found.first}: the label '{found.Key}' is not in {DatasetIdentity.SplitNames[set]}; expected one of {Listed(names)}"
            )
            .ToList();
        if (outside.Count > 0)
            throw new BadInputException(outside);
    }

    /// <summary>Rows of each label in a split.</summary>
    public IReadOnlyDictionary<string, long> Counts(int split, IReadOnlyList<string> names) =>
        names.ToDictionary(name => name, name => _entries.TryGetValue(name, out var entry) ? entry.Counts[split] : 0);

    public NumberStatistics? Numbers(int split) => _ranges[split].Statistics;

    private int? FirstLabelled
    {
        get
        {
            for (var split = 0; split < DatasetIdentity.SplitNames.Count; split++)
                if (_entries.Values.Any(entry => entry.Counts[split] > 0))
                    return split;
            return null;
        }
    }

    private Entry Enter(string name, ImportSource source, IRecordReader reader)
    {
        var isNumber = double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        isNumber &= double.IsFinite(number);
        if (!isNumber)
            _notANumber ??= $"{source.Path}: {reader.Where(source.Roles.Label)}: the label '{name}' is no number";
        else
            _fractions |= number != Math.Floor(number);
        var entry = new Entry(isNumber ? number : double.NaN);
        if (_entries.Count < MostLabels)
            _entries.Add(name, entry);
        else if (LooksLikeRegression)
            _overflowed = true;
        else
            throw Fault(
                source,
                reader,
                $"more than {MostLabels} different labels; is this the label column? name it with --label"
            );
        return entry;
    }

    private static string Listed(HashSet<string> names) =>
        string.Join(", ", names.Take(20)) + (names.Count > 20 ? ", …" : "");

    private static BadInputException Fault(ImportSource source, IRecordReader reader, string what) =>
        FileFault.At(source.Path, reader.Where(source.Roles.Label), what);

    private sealed class Entry(double number)
    {
        public double Number { get; } = number;
        public long[] Counts { get; } = new long[DatasetIdentity.SplitNames.Count];
        public string?[] First { get; } = new string?[DatasetIdentity.SplitNames.Count];
    }

    private sealed class Range
    {
        private double _least = double.PositiveInfinity;
        private double _most = double.NegativeInfinity;
        private double _sum;
        private long _count;

        public NumberStatistics? Statistics => _count == 0 ? null : new NumberStatistics(_least, _sum / _count, _most);

        public void Add(double number)
        {
            if (double.IsNaN(number))
                return;
            (_least, _most) = (Math.Min(_least, number), Math.Max(_most, number));
            _sum += number;
            _count++;
        }
    }
}
