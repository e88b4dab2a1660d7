using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

// Left out of the key where it is left out of the scenario.
/// <summary>How texts are mixed while a model learns.</summary>
public sealed partial record FineTuningSpec
{
    [Description(
        "α of the Beta(α, α) distribution that shares are drawn from by which each text's pooled hidden state and label are mixed with another's (mixup); with the input clusters, another of its cluster. For labels of texts and strategy none; left out, or 0, there is no mixing."
    )]
    [Range(0.0, 100.0)]
    public double? Mixup { get; init; }

    public IEnumerable<string> Lacking(Func<string, bool> given)
    {
        if (Mixup is null && given("clusters"))
            yield return "'mixup' is missing, for which 'clusters' says what is mixed; expected it beside them";
    }

    private IEnumerable<ValidationResult> ValidateMixup()
    {
        if (Mixup is not > 0)
            yield break;
        if (Strategy != "none")
            yield return new(
                $"'mixup' mixes the texts of plain fine-tuning, and the strategy is {Strategy}; expected strategy none",
                [nameof(Mixup)]
            );
        if (Adversarial is not null)
            yield return new(
                $"'mixup' mixes what 'adversarial: {Adversarial}' moves; expected one of them",
                [nameof(Mixup)]
            );
    }
}
