using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Makes one step per cell of the matrix that reaches it, with parameters bound and references followed.</summary>
internal sealed class Unroller
{
    private readonly Scenario _scenario;
    private readonly Problems _problems;
    private readonly Dictionary<string, ScenarioStep> _steps;
    private readonly Dictionary<(string Step, string Cell), UnrolledStep> _unrolled = [];

    private Unroller(Scenario scenario, Problems problems)
    {
        _scenario = scenario;
        _problems = problems;
        _steps = scenario.Steps.ToDictionary(step => step.Name);
    }

    /// <summary>All steps, needed ones first; what is wrong with the values of any cell goes to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<UnrolledStep> Unroll(Scenario scenario, Problems problems)
    {
        var unroller = new Unroller(scenario, problems);
        return
        [
            .. scenario.Steps.SelectMany(step =>
                scenario.Matrix.Project(step.MatrixKeys).SelectMany((cell, index) => unroller.Bind(step, cell, index))
            ),
        ];
    }

    /// <summary>The step, behind the parts that it is put together of.</summary>
    private IReadOnlyList<UnrolledStep> Bind(ScenarioStep step, IReadOnlyDictionary<string, string> cell, int index)
    {
        var path = $"steps.{step.Name}.with";
        var inputs = new List<UnrolledInput>();
        var parameters = new List<Entry>();
        foreach (var entry in step.With)
            if (step.Kind.Given.FirstOrDefault(input => input.Name == entry.Key) is { } kind)
                Refer(step, kind, entry, cell, inputs, parameters);
            else
                parameters.Add(entry with { Value = Fill(entry.Value, cell) });

        string[] known =
        [
            .. step.Kind.Given.Select(input => input.Name),
            .. SpecParameter.Of(step.Kind.Spec).Select(parameter => parameter.Name),
        ];
        var spec = SpecBinder.Bind(step.Kind.Spec, parameters, step.Place, path, _problems, [.. known.Distinct()]);
        var unrolled = new UnrolledStep(step.Name, index, cell, step.Kind, spec, inputs, step.Device);
        if (step.Kind == StepKinds.Evaluate || step.Kind == StepKinds.Select)
            SharedDataset.Add(unrolled, inputs, step.Place, path, _problems);
        foreach (var lacking in (spec as IInputNeeds)?.Lacking(name => Has(inputs, name)) ?? [])
            _problems.Add(step.Place, path, lacking);
        if (spec is AttackSpec attack)
            AttackInputs.Check(attack, inputs, step.Place, path, _problems);
        foreach (var kind in step.Kind.Inputs.Where(kind => kind.Required))
            if (!Has(inputs, kind.Name))
                _problems.Add(step.Place, path, Missing(kind, step));
        var parts = AttackShards.Split(unrolled, _steps.Keys, step.Place, _problems);
        _unrolled[(step.Name, Matrix.Text(cell, step.MatrixKeys))] = parts[^1];
        return parts;
    }

    private static bool Has(List<UnrolledInput> inputs, string name) =>
        inputs.Any(input => input.Name == name || input.Name.StartsWith(name + '.', StringComparison.Ordinal));

    private void Refer(
        ScenarioStep step,
        StepInputKind kind,
        Entry entry,
        IReadOnlyDictionary<string, string> cell,
        List<UnrolledInput> inputs,
        List<Entry> parameters
    )
    {
        var path = $"steps.{step.Name}.with.{entry.Key}";
        var nodes = (entry.Value, kind.Many) switch
        {
            (Sequence list, true) => list.Items,
            (Scalar scalar, false) => [scalar],
            _ => null,
        };
        if (nodes is null || nodes.Any(node => node is not Scalar))
        {
            var expected = kind.Many ? $"a list of {Word(kind)}s" : $"one {Word(kind)}";
            _problems.Add(
                entry.Value.Place,
                path,
                $"{SpecBinder.Describe(entry.Value)} is of the wrong type; expected {expected}"
            );
            return;
        }
        var before = inputs.Count;
        foreach (var (position, node) in nodes.Cast<Scalar>().Index())
        {
            // Gathered cells follow one another, so that an item's place in the list is not its number.
            string Name() =>
                kind.Many ? $"{kind.Name}.{(kind.Gathered ? inputs.Count - before : position)}" : kind.Name;
            var text = node.Text is null ? null : ExpressionText.Parse(node.Text, out _);
            if (text?.Whole is { Root: ExpressionRoot.Steps, Name: var needed })
                foreach (var from in kind.Gathered ? Gathered(step, needed, cell) : [Needed(needed, cell)])
                    inputs.Add(new UnrolledInput(Name(), kind.Kind, from, null, (node.Place, path)));
            else if (node.Text is not null && IsBroken(node.Text))
                inputs.Add(new UnrolledInput(Name(), kind.Kind, null, null, (node.Place, path)));
            else if (text?.Fill(expression => Value(expression, cell)) is { Length: > 0 } given)
            {
                if (kind.Literals?.Contains(given) == true)
                {
                    parameters.Add(entry with { Value = new Scalar(node.Place, given) });
                    continue;
                }
                var origin = text.Whole is { Root: ExpressionRoot.Inputs, Name: var input }
                    ? (_scenario.Inputs[input].Place, $"inputs.{input}")
                    : (node.Place, path);
                inputs.Add(new UnrolledInput(Name(), kind.Kind, null, given, origin));
            }
            if (kind.Literals is not null && inputs.Any(input => input.Name == kind.Name))
                parameters.Add(entry with { Value = new Scalar(node.Place, Word(kind)) });
        }
    }

    private string Missing(StepInputKind kind, ScenarioStep step)
    {
        var entry = step.With.FirstOrDefault(entry => entry.Key == kind.Name);
        var whole = entry?.Value is Scalar { Text: { } text } ? ExpressionText.Parse(text, out _).Whole : null;
        return whole is { Root: ExpressionRoot.Inputs }
            ? $"'{kind.Name}' needs the input '{whole.Name}', which has no value; expected --set {whole.Name}=…"
            : $"'{kind.Name}' is missing; expected a {Word(kind)}";
    }

    private Node Fill(Node node, IReadOnlyDictionary<string, string> cell) =>
        node switch
        {
            Scalar { Text: { } text } when IsBroken(text) => new Broken(node.Place),
            Scalar { Text: { } text } => new Scalar(
                node.Place,
                ExpressionText.Parse(text, out _).Fill(expression => Value(expression, cell))
            ),
            Sequence list => new Sequence(list.Place, [.. list.Items.Select(item => Fill(item, cell))]),
            Mapping map => new Mapping(
                map.Place,
                [.. map.Entries.Select(entry => entry with { Value = Fill(entry.Value, cell) })]
            ),
            _ => node,
        };

    private UnrolledStep? Needed(string name, IReadOnlyDictionary<string, string> cell) =>
        _steps.TryGetValue(name, out var step)
            ? _unrolled.GetValueOrDefault((name, Matrix.Text(Matrix.Part(cell, step.MatrixKeys), step.MatrixKeys)))
            : null;

    /// <summary>A step's cells that differ from this one in keys that are gathered over at most, in the matrix's order.</summary>
    private IEnumerable<UnrolledStep?> Gathered(ScenarioStep by, string name, IReadOnlyDictionary<string, string> cell)
    {
        if (!_steps.TryGetValue(name, out var step))
            return [null];
        string[] shared = [.. step.MatrixKeys.Except(by.Over)];
        var here = Matrix.Text(cell, shared);
        return _unrolled.Values.Where(other => other.Name == name && Matrix.Text(other.Cell, shared) == here);
    }

    private bool IsBroken(string text)
    {
        var parsed = ExpressionText.Parse(text, out var problem);
        return problem is not null
            || parsed.Expressions.Any(expression =>
                expression.Root switch
                {
                    ExpressionRoot.Inputs => !_scenario.Inputs.ContainsKey(expression.Name),
                    ExpressionRoot.Matrix => !_scenario.Matrix.Keys.Contains(expression.Name),
                    _ => true,
                }
            );
    }

    private string? Value(Expression expression, IReadOnlyDictionary<string, string> cell) =>
        expression.Root switch
        {
            ExpressionRoot.Inputs => _scenario.Inputs[expression.Name].Text,
            ExpressionRoot.Matrix => cell.GetValueOrDefault(expression.Name),
            _ => null,
        };

    private static string Word(StepInputKind kind) => kind.Kind.ToString().ToLowerInvariant();
}
