using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Distilling;

/// <summary>A classifier of any kind teaches a transformer what it says of labelled and unlabelled texts.</summary>
internal sealed class ClassifierDistillation : IDistillation
{
    // Below it a logarithm says nothing more about a class.
    private const float LeastProbability = 1e-12f;

    public string Name => "classification";

    public DistillationInUse Open(DistillationJob job)
    {
        var (work, spec) = (job.Work, job.Spec);
        var dataset = work.Dataset();
        if (dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"Step {work.Step.Name}: dataset {dataset.Name} is for {dataset.Task}; "
                    + "expected classification or pair classification."
            );
        var rows = new[] { "train", "unlabelled" }.Select(dataset.Find).SelectMany(work.Rows).ToList();
        if (rows.Count == 0)
            throw new BadInputException(
                $"Step {work.Step.Name}: dataset {dataset.Name} has no texts in train or unlabelled."
            );

        var said = Ask(job, dataset, rows);
        var student = SequenceClassification.Open(job.Student, job.Settings, new ClassifierTask(dataset.Labels));
        var longest = Math.Min(spec.MaxTokens, student.Encoder.MaxTokens);
        var numbers = dataset.Labels.Select((label, number) => (label, number)).ToDictionary();
        var texts = rows.Zip(said)
            .Select(pair => new TaughtText(
                job.Tokenizer.Encode(pair.First.Text, pair.First.TextB, longest),
                pair.Second,
                pair.First.Label is { } label ? numbers[label] : null
            ))
            .ToList();
        var task = new SequenceDistillationTask(student, job.Masks, job.Tokenizer.PadId, texts, job.Weights);
        return new(
            task,
            dataset.Labels,
            spec.HardWeight > 0 ? rows.Count(row => row.Label is not null && row.Origin is ExampleOrigin.Ingested) : 0,
            student.NewWeights,
            student.Save,
            _ => []
        );
    }

    /// <summary>The teacher's logarithms of probabilities, in the order of the dataset's labels: logits, but for a constant.</summary>
    private static List<float[]> Ask(DistillationJob job, DatasetRef dataset, List<Example> rows)
    {
        using var teacher = Classifiers.Open(job.Teacher);
        if (teacher.Regression || !teacher.Labels.Order().SequenceEqual(dataset.Labels.Order()))
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: the teacher tells {string.Join(", ", teacher.Labels)} apart; "
                    + $"expected the labels of {dataset.Name}: {string.Join(", ", dataset.Labels)}."
            );
        var columns = dataset.Labels.Select(label => teacher.Labels.ToList().IndexOf(label)).ToArray();
        ModelText[] texts = [.. rows.Select(row => new ModelText(row.Text, row.TextB))];
        return
        [
            .. teacher
                .Predict(texts, job.Work.Stop)
                .Select(said =>
                    Array.ConvertAll(columns, column => MathF.Log(MathF.Max(said[column], LeastProbability)))
                ),
        ];
    }
}
