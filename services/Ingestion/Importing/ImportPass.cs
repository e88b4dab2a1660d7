using System.Buffers.Text;
using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Datasets.Formats;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Goes once over every row of an import: checks it, counts it, writes it into its split.</summary>
/// <param name="known">The task, where it is not to be guessed.</param>
internal sealed class ImportPass(
    SplitSpool spool,
    TaskType? known,
    CutPlan? cut,
    LabelNames names,
    IProgress<ImportProgress>? progress
) : IDisposable
{
    private const int RowsPerReport = 8192;
    private static readonly int Splits = DatasetIdentity.SplitNames.Count;
    private static readonly int Unlabelled = Splits - 1;
    private static readonly byte[][] IdPrefixes =
    [
        .. DatasetIdentity.SplitNames.Select(name => Encoding.UTF8.GetBytes(name + "-")),
    ];

    private readonly FingerprintTable _ids = new();
    private readonly byte[] _idScratch = new byte[64];
    private readonly LengthTally[] _lengths = [.. Enumerable.Range(0, Splits).Select(_ => new LengthTally())];
    private readonly long[] _rows = new long[Splits];
    private readonly long[] _labelled = new long[Splits];
    private long _total;
    private bool _pairs;

    public LabelBook Labels { get; } = new();
    public Overlaps Overlaps { get; } = new();

    /// <summary>The unlabelled split came with labels, which were not kept.</summary>
    public bool LeftLabelsOut { get; private set; }

    public void Read(IReadOnlyList<ImportSource> sources, CancellationToken cancellation)
    {
        var idsAreGiven = sources.Any(source => source.Roles.Id >= 0);
        foreach (var source in sources)
        {
            using var reader = source.Open();
            var before = _total;
            _pairs |= source.Roles.TextB >= 0;
            while (reader.Read())
            {
                Accept(source, reader, idsAreGiven);
                if (++_total % RowsPerReport != 0)
                    continue;
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(new ImportProgress(source.Path, reader.Done, _total));
            }
            if (_total == before)
                throw FileFault.In(source.Path, "the file has no rows; expected at least one");
        }
    }

    public long Rows(int split) => _rows[split];

    /// <summary>What the columns and labels seem to be for.</summary>
    public TaskType GuessTask() =>
        _labelled.Sum() == 0 ? TaskType.Text
        : Labels.LooksLikeRegression ? TaskType.Regression
        : _pairs ? TaskType.PairClassification
        : TaskType.Classification;

    /// <summary>Refuses rows that do not fit the task.</summary>
    public void Check(TaskType task)
    {
        if (task is TaskType.PairClassification or TaskType.QuestionAnswering && !_pairs)
            throw new BadInputException(
                $"--task {DatasetImporter.NameOf(task)}: name the column of the second text with --text-b"
            );
        if (_rows[0] > 0 && _labelled[0] == 0 && _labelled.Sum() > 0)
            throw new BadInputException(
                "no row of train has a label, but other rows have; name its column with --label"
            );
        Labels.Check(task);
        names.Check(task, Labels.Names(task));
    }

    public SplitStatistics Statistics(int split, IReadOnlyList<string> names, TaskType task) =>
        new(
            DatasetIdentity.SplitNames[split],
            _rows[split],
            _labelled[split],
            Labels.Counts(split, names),
            task is TaskType.Regression ? Labels.Numbers(split) : null,
            _lengths[split].Statistics(),
            Overlaps.Duplicates(split)
        );

    public void Dispose()
    {
        _ids.Dispose();
        Overlaps.Dispose();
    }

    private void Accept(ImportSource source, IRecordReader reader, bool idsAreGiven)
    {
        var roles = source.Roles;
        var split = cut is not null && source.Split == 0 ? cut.SplitOf(_total) : SplitOf(source, reader);
        var row = new Utf8Row { Text = Needed(source, reader, roles.Text, "text") };
        if (roles.TextB >= 0)
        {
            row.TextB = Needed(source, reader, roles.TextB, "second text");
            row.HasTextB = true;
        }
        if (
            roles.Label >= 0
            && reader.TryGet(roles.Label, out var label)
            && label.Trim(Utf8Text.White) is { IsEmpty: false } name
        )
        {
            if (split == Unlabelled)
                LeftLabelsOut = true;
            else
            {
                name = names.Of(name);
                LabelParts.Enter(name, row, known, Labels, split, source, reader);
                row.Label = name;
                row.HasLabel = true;
                _labelled[split]++;
            }
        }
        if (roles.Group >= 0 && reader.TryGet(roles.Group, out var group) && !group.IsEmpty)
        {
            row.Group = group;
            row.HasGroup = true;
        }
        row.Id = roles.Id >= 0 ? GivenId(source, reader) : NextId(split);
        if (idsAreGiven && _ids.Mark(TextFingerprint.Of(row.Id), 1) != 0)
            throw FileFault.At(
                source.Path,
                reader.Where(roles.Id >= 0 ? roles.Id : roles.Text),
                $"the id '{Encoding.UTF8.GetString(row.Id)}' is used twice; expected different ids (--id none numbers the rows instead)"
            );

        _rows[split]++;
        _lengths[split].Add(Utf8Text.Utf16Length(row.Text) + Utf8Text.Utf16Length(row.TextB));
        Overlaps.Add(row, split, source, reader);
        spool.Writer(split).Add(row);
    }

    private static ReadOnlySpan<byte> Needed(ImportSource source, IRecordReader reader, int column, string what)
    {
        if (!reader.TryGet(column, out var text))
            throw FileFault.At(source.Path, reader.Where(column), $"the {what} is missing; expected a text");
        if (Utf8Text.IsBlank(text))
            throw FileFault.At(source.Path, reader.Where(column), $"the {what} is empty; expected a text");
        return text;
    }

    private static int SplitOf(ImportSource source, IRecordReader reader)
    {
        if (source.Roles.Split < 0)
            return source.Split;
        var word = reader.TryGet(source.Roles.Split, out var value) ? Encoding.UTF8.GetString(value).Trim() : "";
        if (SplitNames.Position(word) is >= 0 and var split)
            return split;
        throw FileFault.At(
            source.Path,
            reader.Where(source.Roles.Split),
            $"there is no split '{word}'; expected one of {string.Join(", ", DatasetIdentity.SplitNames)}"
        );
    }

    private static ReadOnlySpan<byte> GivenId(ImportSource source, IRecordReader reader)
    {
        if (reader.TryGet(source.Roles.Id, out var id) && !Utf8Text.IsBlank(id))
            return id.Trim(Utf8Text.White);
        throw FileFault.At(source.Path, reader.Where(source.Roles.Id), "the id is empty; expected an id");
    }

    private ReadOnlySpan<byte> NextId(int split)
    {
        var prefix = IdPrefixes[split];
        prefix.CopyTo(_idScratch, 0);
        Utf8Formatter.TryFormat(_rows[split], _idScratch.AsSpan(prefix.Length), out var digits);
        return _idScratch.AsSpan(0, prefix.Length + digits);
    }
}
