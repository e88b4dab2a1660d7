using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>The attacks that an evaluating step was given, and what is said of each.</summary>
internal sealed class GivenAttacks
{
    private readonly List<Attack> _all;

    private GivenAttacks(IEnumerable<Attack> attacks) => _all = [.. attacks];

    /// <exception cref="BadInputException">An attack on a model that is not scored, or on train examples.</exception>
    public static GivenAttacks Read(StepWork work)
    {
        var models = work.Inputs("models").Select(input => work.Model(input.Name).Id).ToHashSet();
        var attacks = work.Inputs("attacks")
            .Select(input => (Input: input, Summary: work.Read<AttackSummary>(input.File!)))
            .ToList();
        foreach (var (input, summary) in attacks)
        {
            if (!models.Contains(summary.Model))
                throw new BadInputException(
                    $"Step {work.Step.Name}: attack {input.From} is on a model that is not among 'models'; expected it there"
                );
            if (summary.Split.Name == "train")
                throw new BadInputException(
                    $"Step {work.Step.Name}: attack {input.From} is on train examples; expected one on dev or test to score"
                );
        }
        return new(attacks.Select(attack => new Attack(attack.Summary, Log(attack.Summary, work))));
    }

    /// <summary>The logs, so that what a row tells of stays where the attack's own step is cleaned away.</summary>
    public IEnumerable<string> Logs => _all.Select(attack => attack.Summary.Log);

    /// <summary>Shows a model the texts that fooled the others.</summary>
    /// <param name="at">Its place among the models.</param>
    public void ShowTo(int at, string model, string folder, IClassifierOpener opener, CancellationToken stop)
    {
        var others = _all.Where(attack => attack.Summary.Model != model).ToList();
        if (others.Count == 0)
            return;
        if (ModelHeads.Of(folder) == ModelHead.Answers)
        {
            using var answerer = opener.OpenAnswerer(folder);
            Show(AttackTransfer.By(answerer, stop));
            return;
        }
        using var classifier = opener.Open(folder);
        Show(AttackTransfer.By(classifier, stop));

        void Show(Func<ModelText[], string[]> read)
        {
            foreach (var attack in others)
                attack.Transfer.Add(AttackTransfer.Of(at, read, attack.Log));
        }
    }

    /// <summary>Rows with the figures of the attacks on their models; as they are where there are none.</summary>
    /// <param name="models">The models' ids, in the order of the rows.</param>
    public IReadOnlyList<ModelScores> AddTo(
        IReadOnlyList<ModelScores> rows,
        IReadOnlyList<string> models,
        Func<ValidityPanel> open,
        EvaluationSpec spec,
        CancellationToken stop
    )
    {
        if (_all.Count == 0)
            return rows;
        using var panel = open();
        return [.. rows.Zip(models, (row, model) => With(row, model, panel, spec, stop))];
    }

    private ModelScores With(
        ModelScores row,
        string model,
        ValidityPanel panel,
        EvaluationSpec spec,
        CancellationToken stop
    )
    {
        var attacks = _all.Where(attack => attack.Summary.Model == model).ToList();
        if (attacks.Count == 0)
            return row;
        AttackScores[] figures =
        [
            .. attacks.Select(attack =>
                AttackScoring.Of(attack.Summary, attack.Log, spec) with
                {
                    Transfer = attack.Transfer,
                    Validity = panel.Of(attack.Log, stop),
                }
            ),
        ];
        var metrics = AttackScoring.Metrics(figures, [.. attacks.Select(attack => attack.Log)]);
        return row with { Metrics = row.Metrics.Concat(metrics).ToDictionary(), Attacks = figures };
    }

    private static IReadOnlyList<AttackedText> Log(AttackSummary summary, StepWork work) =>
        [.. WireFormat.ReadLines<AttackedText>(work.FileOf(new ArtefactRef(summary.Log)))];

    private sealed record Attack(AttackSummary Summary, IReadOnlyList<AttackedText> Log)
    {
        public List<TransferScores> Transfer { get; } = [];
    }
}
