using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Reads <c>steps:</c>, follows the references and puts needed steps first.</summary>
internal sealed class StepReader(Problems problems, IReadOnlyDictionary<string, Scalar> inputs, Matrix matrix)
{
    /// <summary>The kinds that a scenario may name; the report comes by itself.</summary>
    public static readonly IReadOnlyList<StepKind> Kinds =
    [
        .. StepKinds.All.Where(kind => kind.Gives != StepGives.Report),
    ];

    private static readonly string[] Keys = ["uses", "with", "device"];

    private readonly Dictionary<string, Draft> _drafts = [];

    private sealed record Draft(string Name, Place Place, StepKind? Kind, string? Device, IReadOnlyList<Entry> With)
    {
        public List<string> Needs { get; } = [];
        public HashSet<string> Keys { get; } = [];
        public IReadOnlyList<string> Over { get; init; } = [];
    }

    public IReadOnlyList<ScenarioStep> Read(Mapping root)
    {
        var node = root.Find("steps");
        if (node?.Value is not Mapping { Entries.Count: > 0 } steps)
        {
            problems.Add(node?.Value.Place ?? root.Place, "steps", "is missing or empty; expected at least one step");
            return [];
        }
        foreach (var entry in steps.Entries)
            _drafts[entry.Key] = ReadStep(entry);
        foreach (var draft in _drafts.Values)
        foreach (var entry in draft.With)
            FollowReferences(draft, entry);
        return [.. InOrder().Where(draft => draft.Kind is not null).Select(Finish)];
    }

    private Draft ReadStep(Entry entry)
    {
        var path = $"steps.{entry.Key}";
        if (!ScenarioLoader.WordPattern().IsMatch(entry.Key) || entry.Key == StepKinds.Report.Uses)
            problems.Add(
                entry.KeyPlace,
                path,
                "is no name for a step; expected letters, digits, '-', '_', and not 'report', which every run ends with"
            );
        if (entry.Value is not Mapping step)
        {
            problems.Add(entry.Value.Place, path, "expected a step: { uses: …, with: { … } }");
            return new Draft(entry.Key, entry.KeyPlace, null, null, []);
        }
        foreach (var key in step.Entries.Where(key => !Keys.Contains(key.Key)))
            problems.AddUnknown(key.KeyPlace, path, key.Key, Keys);

        StepKind? kind = null;
        if (step.Find("uses")?.Value is Scalar { Text: { } uses } word)
        {
            kind = Kinds.FirstOrDefault(candidate => candidate.Uses == uses);
            if (kind is null)
                problems.AddUnknown(
                    word.Place,
                    $"{path}.uses",
                    uses,
                    Kinds.Select(known => known.Uses),
                    "kind of step"
                );
        }
        else
            problems.Add(
                entry.KeyPlace,
                path,
                $"'uses' is missing; expected one of {string.Join(", ", Kinds.Select(known => known.Uses))}"
            );

        var with = step.Find("with")?.Value;
        if (with is not (null or Mapping or Scalar { Text: null }))
            problems.Add(with.Place, $"{path}.with", "expected a block of parameters");
        var parameters = (with as Mapping)?.Entries ?? [];
        return new Draft(entry.Key, entry.KeyPlace, kind, StepDevice.Read(step, kind, path, problems), parameters)
        {
            Over = GatheredKeys.Read(kind, parameters, matrix, path, problems),
        };
    }

    private void FollowReferences(Draft draft, Entry entry)
    {
        var path = $"steps.{draft.Name}.with.{entry.Key}";
        var input = draft.Kind?.Given.FirstOrDefault(candidate => candidate.Name == entry.Key);
        foreach (var scalar in entry.Value.Scalars())
        {
            var text = ExpressionText.Parse(scalar.Text!, out var problem);
            if (problem is not null)
                problems.Add(scalar.Place, path, problem);
            foreach (var expression in text.Expressions)
                switch (expression.Root)
                {
                    case ExpressionRoot.Inputs when !inputs.ContainsKey(expression.Name):
                        problems.AddUnknown(scalar.Place, path, expression.Name, inputs.Keys, "input");
                        break;
                    case ExpressionRoot.Matrix when !matrix.Keys.Contains(expression.Name):
                        problems.AddUnknown(scalar.Place, path, expression.Name, matrix.Keys, "matrix key");
                        break;
                    case ExpressionRoot.Matrix when draft.Over.Contains(expression.Name):
                        problems.Add(
                            scalar.Place,
                            path,
                            $"'{expression.Name}' is gathered over; it has no one value here"
                        );
                        break;
                    case ExpressionRoot.Matrix:
                        draft.Keys.Add(expression.Name);
                        break;
                    case ExpressionRoot.Steps:
                        FollowStep(draft, input, text, expression.Name, scalar.Place, path);
                        break;
                }
        }
    }

    private void FollowStep(
        Draft draft,
        StepInputKind? input,
        ExpressionText text,
        string name,
        Place place,
        string path
    )
    {
        if (!_drafts.TryGetValue(name, out var needed))
        {
            problems.AddUnknown(place, path, name, _drafts.Keys.Where(key => key != draft.Name), "step");
            return;
        }
        if (!draft.Needs.Contains(name))
            draft.Needs.Add(name);
        if (draft.Kind is null || needed.Kind is null)
            return;
        var isParameter = SpecParameter.Of(draft.Kind.Spec).Any(parameter => parameter.Name == path.Split('.')[^1]);
        if (input is null && isParameter)
            problems.Add(place, path, $"takes a value, not what step '{name}' gives");
        else if (text.Whole is null)
            problems.Add(place, path, $"expected ${{steps.{name}}} and nothing beside it");
        else if (input is not null && !Fits(needed.Kind, input.Kind))
            problems.Add(
                place,
                path,
                $"step '{name}' gives {Lower(needed.Kind.Gives)}; expected {(input.Kind is InputKind.Attack ? "an" : "a")} {Lower(input.Kind)}"
            );

        static bool Fits(StepKind gives, InputKind takes) =>
            takes is InputKind.Attack ? gives == StepKinds.Attack : gives.Gives.ToString() == takes.ToString();

        static string Lower<T>(T value) => value!.ToString()!.ToLowerInvariant();
    }

    private IEnumerable<Draft> InOrder()
    {
        var done = new HashSet<string>();
        var order = new List<Draft>();
        foreach (var draft in _drafts.Values)
            Visit(draft, []);
        return order;

        void Visit(Draft draft, List<string> path)
        {
            if (path.IndexOf(draft.Name) is var start and >= 0)
            {
                var circle = string.Join(" → ", [.. path[start..], draft.Name]);
                problems.Add(draft.Place, $"steps.{draft.Name}", $"the steps need each other in a circle: {circle}");
                return;
            }
            if (done.Contains(draft.Name))
                return;
            foreach (var need in draft.Needs)
            {
                Visit(_drafts[need], [.. path, draft.Name]);
                draft.Keys.UnionWith(_drafts[need].Keys);
            }
            draft.Keys.ExceptWith(draft.Over);
            if (done.Add(draft.Name))
                order.Add(draft);
        }
    }

    private ScenarioStep Finish(Draft draft)
    {
        var path = $"steps.{draft.Name}";
        IEnumerable<string> RunsOver(string step) => _drafts.TryGetValue(step, out var needed) ? needed.Keys : [];
        GatheredKeys.Check(draft.Kind!, draft.With, draft.Over, RunsOver, draft.Place, path, problems);
        string[] keys = [.. matrix.Keys.Where(draft.Keys.Contains)];
        return new(draft.Name, draft.Place, draft.Kind!, draft.With, draft.Needs, keys, draft.Over, draft.Device);
    }
}
