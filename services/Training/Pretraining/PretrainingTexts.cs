using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>The texts that a pretraining reads; of dev and test, and of any label, it reads nothing.</summary>
/// <param name="HeldOut">Texts to measure on, none of which is in <paramref name="Train"/>.</param>
internal sealed record PretrainingTexts(IReadOnlyList<Example> Train, IReadOnlyList<Example> HeldOut)
{
    private const int MostHeldOut = 1024;

    public static readonly IReadOnlyList<string> SplitsRead = ["train", "unlabelled"];

    /// <exception cref="BadInputException">There is no text.</exception>
    public static PretrainingTexts Read(StepWork work, double heldOutShare, long seed)
    {
        var rows = SplitsRead
            .Select(work.Dataset().Find)
            .SelectMany(work.Rows)
            .Where(row => !string.IsNullOrWhiteSpace(row.Text));

        var train = new List<Example>();
        var heldOut = new List<Example>();
        var apart = new HashSet<UInt128>();
        foreach (var row in rows)
        {
            // By their content, so that equal texts are on one side.
            var text = TextFingerprint.Of(row);
            if (!apart.Contains(text) && (heldOut.Count == MostHeldOut || !IsDrawn(text)))
                train.Add(row);
            else if (apart.Add(text))
                heldOut.Add(row);
        }
        if (train.Count == 0)
            (train, heldOut) = (heldOut, []);
        return train.Count > 0
            ? new(train, heldOut)
            : throw new BadInputException(
                $"Step {work.Step.Name}: dataset {work.Dataset().Name} has no texts in train or unlabelled."
            );

        bool IsDrawn(UInt128 text) =>
            new CounterRandom(seed, "held-out texts", (long)(ulong)text).NextDouble() < heldOutShare;
    }
}
