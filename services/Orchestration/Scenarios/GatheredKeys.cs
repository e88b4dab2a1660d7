using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>The matrix keys along which a step gathers the results of others, and so does not run over itself.</summary>
internal static class GatheredKeys
{
    private const string Parameter = "over";

    /// <summary>Those that <c>over</c> names; none for a kind of step that gathers nothing.</summary>
    public static IReadOnlyList<string> Read(
        StepKind? kind,
        IReadOnlyList<Entry> with,
        Matrix matrix,
        string path,
        Problems problems
    )
    {
        var over = with.FirstOrDefault(entry => entry.Key == Parameter)?.Value as Sequence;
        if (over is null || kind?.Inputs.Any(input => input.Gathered) != true)
            return [];
        var keys = new List<string>();
        foreach (var (place, key) in over.Items.OfType<Scalar>().Select(item => (item.Place, item.Text)))
            if (key is not null && matrix.Keys.Contains(key))
                keys.Add(key);
            else if (key is not null)
                problems.AddUnknown(place, $"{path}.with.{Parameter}", key, matrix.Keys, "matrix key");
        return keys;
    }

    /// <summary>Tells of keys along which no candidate runs, and of inputs that are not gathered but run along one.</summary>
    /// <param name="runsOver">The matrix keys that reach a step.</param>
    public static void Check(
        StepKind kind,
        IReadOnlyList<Entry> with,
        IReadOnlyList<string> over,
        Func<string, IEnumerable<string>> runsOver,
        Place place,
        string path,
        Problems problems
    )
    {
        var reached = new HashSet<string>();
        foreach (var entry in with)
        {
            var gathered = kind.Inputs.Any(input => input.Name == entry.Key && input.Gathered);
            foreach (var step in Steps(entry.Value))
                if (gathered)
                    reached.UnionWith(runsOver(step));
                else if (over.FirstOrDefault(runsOver(step).Contains) is { } key)
                    problems.Add(
                        entry.Value.Place,
                        $"{path}.with.{entry.Key}",
                        $"step '{step}' runs once for each '{key}', which only candidates are gathered over"
                    );
        }
        foreach (var key in over.Where(key => !reached.Contains(key)))
            problems.Add(
                place,
                $"{path}.with.{Parameter}",
                $"no candidate runs over '{key}'; expected a key that reaches one"
            );
    }

    private static IEnumerable<string> Steps(Node node) =>
        node switch
        {
            Scalar { Text: { } text }
                when ExpressionText.Parse(text, out _).Whole is { Root: ExpressionRoot.Steps } whole => [whole.Name],
            Sequence list => list.Items.SelectMany(Steps),
            _ => [],
        };
}
