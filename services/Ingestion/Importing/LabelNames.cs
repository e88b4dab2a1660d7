using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>
/// Names that a user gives the labels of files, so that they are those of a model: <c>0=negative</c>. A label without a new name
/// keeps its own; no two labels become one.
/// </summary>
internal sealed class LabelNames
{
    private readonly (byte[] Old, byte[] New, string Given)[] _names;
    private readonly bool[] _used;
    private readonly bool[] _taken;

    /// <exception cref="BadInputException">A name is empty, or two labels have the same.</exception>
    public LabelNames(IReadOnlyDictionary<string, string> names)
    {
        string[] problems =
        [
            .. names
                .Where(name => Trimmed(name.Value).Length == 0)
                .Select(name => $"--labels {name.Key}={name.Value}: expected a name"),
            .. names
                .GroupBy(name => name.Value)
                .Where(same => same.Count() > 1)
                .Select(same =>
                    $"--labels: {string.Join(" and ", same.Select(name => $"'{name.Key}'"))} would both be '{same.Key}'; "
                    + "expected different names"
                ),
        ];
        if (problems.Length > 0)
            throw new BadInputException(problems);
        _names = [.. names.Select(name => (Bytes(name.Key), Bytes(name.Value), name.Key))];
        (_used, _taken) = (new bool[_names.Length], new bool[_names.Length]);
    }

    /// <summary>What a label is called.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> label)
    {
        ReadOnlySpan<byte> name = label;
        for (var at = 0; at < _names.Length; at++)
            if (label.SequenceEqual(_names[at].Old))
            {
                _used[at] = true;
                name = _names[at].New;
            }
        if (name == label)
            for (var at = 0; at < _names.Length; at++)
                _taken[at] |= label.SequenceEqual(_names[at].New);
        return name;
    }

    /// <summary>Refuses names of labels that no row has, of what are no classes, and those that other labels have.</summary>
    /// <param name="labels">The dataset's, by their new names.</param>
    public void Check(TaskType task, IReadOnlyList<string> labels)
    {
        if (_names.Length > 0 && task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"--labels names classes, and the task is {DatasetImporter.NameOf(task)}; expected it for classification only"
            );
        var renamed = _names.Where((_, at) => _used[at]).Select(name => Encoding.UTF8.GetString(name.New)).ToHashSet();
        var old = _names.Where((_, at) => _used[at]).Select(name => name.Given);
        string[] problems =
        [
            .. _names
                .Where((_, at) => !_used[at])
                .Select(name =>
                    $"--labels {name.Given}: no row has the label '{name.Given}'; expected one of "
                    + string.Join(", ", labels.Where(label => !renamed.Contains(label)).Concat(old).Take(20))
                ),
            .. _names
                .Where((_, at) => _taken[at] && _used[at])
                .Select(name =>
                    $"--labels {name.Given}={Encoding.UTF8.GetString(name.New)}: other rows have the label "
                    + $"'{Encoding.UTF8.GetString(name.New)}' already; expected a name of its own"
                ),
        ];
        if (problems.Length > 0)
            throw new BadInputException(problems);
    }

    private static byte[] Bytes(string text) => [.. Trimmed(text)];

    private static ReadOnlySpan<byte> Trimmed(string text) =>
        Encoding.UTF8.GetBytes(text).AsSpan().Trim(Utf8Text.White);
}
