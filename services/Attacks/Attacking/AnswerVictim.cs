using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>
/// A model that answers questions, as one of two labels: whether its best answer is an accepted one, as SQuAD's exact match counts.
/// </summary>
internal sealed class AnswerVictim(IAnswerer model) : IVictim
{
    private static readonly AnswerSearch Search = new();

    public IReadOnlyList<string> Labels { get; } = ["accepted", "other"];

    public VictimText Read(AttackedExample example, ModelText text) =>
        new($"{text.First}\0{text.Second}", text, null) { Accepted = example.Answers!.Texts };

    public IReadOnlyList<VictimAnswer> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop) =>
        [
            .. model
                .Answer([.. texts.Select(text => text.Text)], Search, stop)
                .Zip(texts, (found, text) => Judge(found, text.Accepted!)),
        ];

    /// <summary>The best accepted answer's probability beside that of the best other one.</summary>
    private static VictimAnswer Judge(FoundAnswer found, IReadOnlyList<string> accepted)
    {
        var (right, other) = (0f, 0f);
        foreach (var candidate in found.Best)
            if (AnswerText.IsAccepted(candidate.Text, accepted))
                right = Math.Max(right, candidate.Probability);
            else
                other = Math.Max(other, candidate.Probability);
        var share = right > 0 ? right / (right + other) : 0;
        return new([share, 1 - share], found.Text);
    }
}
