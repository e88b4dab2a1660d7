using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_a_student_is_compared_with_its_teacher
{
    private static readonly double[] Student = [0.5, -1.0, 2.0];
    private static readonly double[] Teacher = [1.0, 0.0, -1.0];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_loss_of_soft_targets_is_the_divergence_times_the_squared_temperature(double temperature)
    {
        using var scope = NewDisposeScope();
        var (p, q) = (Soft(Teacher, temperature), Soft(Student, temperature));
        var expected = temperature * temperature * p.Zip(q, (mine, theirs) => mine * Math.Log(mine / theirs)).Sum();

        var student = tensor(Student.Concat(Teacher).ToArray(), [2, 3]);
        var teacher = tensor(Teacher.Concat(Teacher).ToArray(), [2, 3]);

        // The second row is its teacher's own and loses nothing.
        var loss = DistillationLoss.SoftTargets(student, teacher, temperature);
        Assert.Equal(expected / 2, loss.item<double>(), 1e-12);
    }

    [Fact]
    public void The_loss_of_directions_is_one_minus_the_mean_cosine()
    {
        using var scope = NewDisposeScope();
        var student = tensor([1.0, 0.0, 3.0, 4.0], [2, 2]);
        var teacher = tensor([2.0, 0.0, 4.0, 3.0], [2, 2]);

        Assert.Equal(1 - (1 + 24.0 / 25) / 2, DistillationLoss.Directions(student, teacher).item<double>(), 1e-12);
    }

    [Fact]
    public void Labels_count_only_where_there_are_any()
    {
        using var scope = NewDisposeScope();
        var folder = GoldenFolders.Of("bert-sequence-classification")[0];
        using var model = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        var labels = model.Task.Labels.Count;
        var logits = arange(2 * labels).to(float32).view(2, labels);
        var said = Enumerable.Range(0, labels).Select(label => (float)label).ToArray();
        var weights = new DistillationWeights(Temperature: 1, Soft: 1, Hard: 3);
        var task = new SequenceDistillationTask(model, new DropoutMasks(1), 0, [], weights);
        TaughtText labelled = new(new([1, 2], 2), said, Label: 1);

        var without = task.Loss(logits, [labelled with { Label = null }, labelled with { Label = null }]);
        var with = task.Loss(logits, [labelled, labelled with { Label = null }]);

        var hard = -Math.Log(Soft([.. said.Select(logit => (double)logit)], 1)[1]);
        Assert.Equal(without.item<float>() + 3 * hard, with.item<float>(), 1e-5);
    }

    private static double[] Soft(double[] logits, double temperature)
    {
        var powers = logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
