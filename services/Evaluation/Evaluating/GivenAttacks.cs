using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>The attacks that an evaluating step was given, by the model they attacked.</summary>
internal sealed class GivenAttacks
{
    private readonly ILookup<string, (AttackSummary Summary, IReadOnlyList<AttackedText> Log)> _byModel;

    private GivenAttacks(IEnumerable<(AttackSummary Summary, IReadOnlyList<AttackedText> Log)> attacks) =>
        _byModel = attacks.ToLookup(attack => attack.Summary.Model);

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
        return new(attacks.Select(attack => (attack.Summary, Log(attack.Summary, work))));
    }

    /// <summary>A row with the figures of the attacks on its model; as it is where there are none.</summary>
    public ModelScores AddTo(ModelScores scores, string model, EvaluationSpec spec)
    {
        var attacks = _byModel[model].ToList();
        if (attacks.Count == 0)
            return scores;
        AttackScores[] figures = [.. attacks.Select(attack => AttackScoring.Of(attack.Summary, attack.Log, spec))];
        var metrics = AttackScoring.Metrics(figures, [.. attacks.Select(attack => attack.Log)]);
        return scores with { Metrics = scores.Metrics.Concat(metrics).ToDictionary(), Attacks = figures };
    }

    /// <summary>The logs, so that what a row tells of stays where the attack's own step is cleaned away.</summary>
    public IEnumerable<string> Logs => _byModel.SelectMany(attacks => attacks).Select(attack => attack.Summary.Log);

    private static IReadOnlyList<AttackedText> Log(AttackSummary summary, StepWork work) =>
        [
            .. File.ReadLines(work.FileOf(new ArtefactRef(summary.Log)))
                .Select(line => JsonSerializer.Deserialize<AttackedText>(line, WireFormat.Options)!),
        ];
}
