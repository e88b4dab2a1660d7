using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation.Assessing;

/// <summary>Scores the labels that a synthesis gave against hidden ones and on dev; it trains nothing and hands on no label.</summary>
internal sealed class AssessmentHandler(DevLabels dev) : IStepHandler
{
    public StepKind Kind => StepKinds.Assess;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<AssessmentSpec>();
        var dataset = work.Dataset();
        if (dataset.Findings is null || dataset.Find("train") is not { } train)
            throw new BadInputException(
                $"Step {work.Step.Name}: '{dataset.Name}' holds no labels that a synthesis gave; expected what a step that uses synthesize gives."
            );
        var findings = work.Read<SynthesisFindings>(dataset.Findings);
        var rows = work.Rows(train).ToArray();
        var hidden = Hidden(dataset, work);
        var assessment = Assess(dataset, findings, rows, hidden) with { Dev = dev.Apply(dataset, findings, work) };
        assessment = assessment with
        {
            Warning = LabelWarning.Of(assessment, spec.LeastPrecision, dataset.Labels.Count),
        };
        return new StepOutput(
            Files: new SortedDictionary<string, string> { [Assessment.File] = work.Store(assessment).Hash }
        );
    }

    private static Dictionary<string, string> Hidden(DatasetRef dataset, StepWork work) =>
        dataset.HiddenLabels is { } labels ? HiddenLabel.ReadById(work.FileOf(labels)) : [];

    private static Assessment Assess(
        DatasetRef dataset,
        SynthesisFindings findings,
        Example[] rows,
        Dictionary<string, string> hidden
    )
    {
        var read = findings.Rows.Select(row => row.Id).ToHashSet();
        var truth = rows.Where(row => row.Label is not null && read.Contains(row.Id))
            .DistinctBy(row => row.Id)
            .ToDictionary(row => row.Id, row => row.Label!);
        var own = truth.Keys.ToHashSet();
        foreach (var (id, label) in hidden)
            truth.TryAdd(id, label);

        // Of a row that stands there once for each label, the label that weighs most was given.
        var given = rows.Where(row => row.Origin is ExampleOrigin.Synthesised && row.Source is not null)
            .Where(row => read.Contains(row.Source!) && !own.Contains(row.Source!))
            .GroupBy(row => row.Source!)
            .Select(same => same.MaxBy(row => row.Weight)!)
            .ToArray();
        var known = given
            .Where(row => hidden.TryGetValue(row.Source!, out var label) && dataset.Labels.Contains(label))
            .ToArray();
        return new(
            findings.Method,
            own.Count,
            findings.Rows.Count - own.Count,
            given.Length,
            known.Length == 0 ? null : new(findings.Rows.Count - own.Count, known.Length, known.Count(IsRight)),
            Dev: null,
            findings.HeldOut,
            [
                .. dataset
                    .Labels.Select(label => known.Where(row => row.Label == label).ToArray())
                    .Where(same => same.Length > 0)
                    .Select(same => new GivenClass(same[0].Label!, same.Length, same.Count(IsRight))),
            ],
            Agreement(findings, truth),
            findings.Silhouette,
            Clusters(findings, truth),
            findings.Tried,
            Map(findings, truth, out var labels),
            labels,
            Warning: null
        );

        bool IsRight(Example row) => hidden[row.Source!] == row.Label;
    }

    private static ClusterAgreement? Agreement(SynthesisFindings findings, Dictionary<string, string> truth)
    {
        var known = findings.Rows.Where(row => row.Cluster is not null && truth.ContainsKey(row.Id)).ToArray();
        if (known.Length == 0)
            return null;
        var numbers = known
            .Select(row => truth[row.Id])
            .Distinct()
            .Index()
            .ToDictionary(one => one.Item, one => one.Index);
        var pairs = new ClusterRows(
            [],
            [.. known.Select(row => numbers[truth[row.Id]])],
            [.. known.Select(row => row.Cluster!.Value)]
        );
        return new(
            known.Length,
            new Purity().Of(pairs),
            new MutualInformation().Of(pairs),
            new AdjustedRand().Of(pairs)
        );
    }

    private static AssessedCluster[] Clusters(SynthesisFindings findings, Dictionary<string, string> truth)
    {
        var members = findings.Rows.Where(row => truth.ContainsKey(row.Id)).ToLookup(row => row.Cluster);
        return
        [
            .. findings.Clusters.Select(
                (cluster, number) =>
                    new AssessedCluster(
                        cluster.Size,
                        cluster.Label,
                        cluster.Labelled,
                        new SortedDictionary<string, int>(
                            members[number].CountBy(row => truth[row.Id]).ToDictionary(),
                            StringComparer.Ordinal
                        ),
                        cluster.Examples
                    )
            ),
        ];
    }

    private static MapPoint[] Map(
        SynthesisFindings findings,
        Dictionary<string, string> truth,
        out IReadOnlyList<string> labels
    )
    {
        string[] names = [.. truth.Values.Distinct().Order(StringComparer.Ordinal)];
        labels = names;
        return
        [
            .. findings
                .Rows.Where(row => row.X is not null && row.Y is not null)
                .Select(row => new MapPoint(
                    row.X!.Value,
                    row.Y!.Value,
                    row.Cluster,
                    truth.TryGetValue(row.Id, out var label) ? Array.IndexOf(names, label) : null
                )),
        ];
    }
}
