namespace TransferPipeline.Contracts;

/// <summary>The request is wrong and no retry will mend it; the message names file, line, key and what was expected.</summary>
public sealed class BadInputException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public BadInputException(string problem)
        : this([problem]) { }

    /// <summary>All problems found, one line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;

    /// <summary>The same problems, with what whoever reads them knows a path by in its place.</summary>
    public BadInputException Naming(params IEnumerable<(string Path, string Name)> names) =>
        new([
            .. Problems.Select(problem =>
                names.Aggregate(
                    problem,
                    (text, known) => text.Replace(known.Path, known.Name, StringComparison.Ordinal)
                )
            ),
        ]);
}
