using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Evaluation.Comparing;

/// <summary>Which labelled rows of a split a model got right, from its stored predictions and the split's labels.</summary>
internal sealed class RightAnswers(IArtefacts artefacts, CancellationToken stop)
{
    private readonly Dictionary<string, string?[]> _labels = [];
    private readonly Dictionary<(string, string), bool[]> _right = [];

    public bool[] Of(ModelScores scores)
    {
        var id = (scores.Scored.Id, scores.Predictions);
        return _right.TryGetValue(id, out var known) ? known : _right[id] = Read(scores);
    }

    private bool[] Read(ModelScores scores)
    {
        if (!_labels.TryGetValue(scores.Scored.Id, out var labels))
            _labels[scores.Scored.Id] = labels = [.. SplitReader.ReadLabels(File(scores.Scored.Content))];

        var file = File(new ArtefactRef(scores.Predictions));
        var asked = scores.Metrics.ContainsKey("exactMatch");
        string?[] predicted =
        [
            .. asked
                ? AnswersPredicted.ReadAnswers(file)
                : Predictions.Read(file).Select(prediction => prediction.Label),
        ];
        if (predicted.Length != labels.Length)
            throw new InvalidDataException(
                $"Predictions {scores.Predictions} have {predicted.Length} rows, their split has {labels.Length}."
            );
        return
        [
            .. labels
                .Zip(predicted)
                .Where(pair => pair.First is not null)
                .Select(pair =>
                    asked ? AnswersPredicted.IsRight(pair.Second!, pair.First!) : pair.First == pair.Second
                ),
        ];
    }

    private string File(ArtefactRef artefact) => artefacts.GetFileAsync(artefact, stop).GetAwaiter().GetResult();
}
