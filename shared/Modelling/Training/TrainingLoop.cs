using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using TransferPipeline.Contracts;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// Trains a model on one thread of its own: same task, plan and seeds give the same weights bit for bit, in one go or
/// resumed from any checkpoint, alone or beside another training.
/// </summary>
/// <param name="idOf">What messages call an example of the task; null for its number, from 0.</param>
public sealed class TrainingLoop(
    ITrainingTask task,
    TrainingPlan plan,
    ITrainingCheckpoints checkpoints,
    IProgress<TrainingProgress>? progress = null,
    Func<int, string>? idOf = null
)
{
    private readonly BatchOrder _order = new(task.Lengths, plan.Batch, plan.LengthWindow, plan.OrderSeed);
    private readonly Selection _selection = new(plan.Patience, plan.PatienceThreshold);
    private readonly Stopwatch _watch = new();

    /// <summary>Trains to the end; the model then has the best weights where there is a selection split, else the last.</summary>
    /// <exception cref="OperationCanceledException">Stopped between two batches, after writing a checkpoint.</exception>
    /// <exception cref="BadInputException">The loss or its gradient is no number any more; no checkpoint is written.</exception>
    public TrainingResult Run(CancellationToken stop)
    {
        using var optimiser = new AdamW(task.Model.named_parameters(), plan.Optimiser, RateOf());
        using var mixout = plan.Mixout is { IsNone: false } mix ? new Mixout(task.Model, mix) : null;
        using var average = plan.AverageDecay is { } decay ? new AveragedWeights(task.Model, decay) : null;
        using var checkpoint = new TrainingCheckpoint(task.Model, optimiser, average, checkpoints);
        var state = checkpoint.Restore() ?? TrainingState.Start;
        var (resumed, saved, before) = (state.Update, state.Update, state.Seconds);
        _selection.Restore(state.Selection);
        _watch.Restart();

        try
        {
            while (true)
            {
                if (state.Update > saved && state.Update % plan.CheckpointEvery == 0)
                    Save();
                if (IsScoreDue(state))
                    state = Select(state, checkpoint, average, stop);
                if (state.Update >= plan.Updates || _selection.Exhausted)
                    break;

                stop.ThrowIfCancellationRequested();
                var figures = Update(optimiser, mixout, state.Update);
                average?.Take(state.Update);
                state = state.After(figures.Loss);
                progress?.Report(new(state.Update, plan.Updates, state.Loss, state.Score, Left(), figures));
            }
        }
        catch (OperationCanceledException) when (state.Update > saved)
        {
            Save();
            throw;
        }

        average?.Give();
        checkpoint.RestoreBest();
        var kept = state.Selection.Best is null ? state.Update : state.Selection.BestUpdate;
        return new(state.Update, kept, state.Selection.Best, state.Loss, Seconds());

        void Save()
        {
            checkpoint.Save(state with { Seconds = Seconds() });
            saved = state.Update;
        }

        double Seconds() => before + _watch.Elapsed.TotalSeconds;

        TimeSpan Left() => _watch.Elapsed / (state.Update - resumed) * (plan.Updates - state.Update);
    }

    private UpdateFigures Update(AdamW optimiser, Mixout? mixout, long update)
    {
        using var scope = NewDisposeScope();
        task.Model.train();
        optimiser.ZeroGradients();

        var batch = _order.At(update);
        mixout?.Begin(update);
        var loss = Backward(batch, update);
        mixout?.End();
        var value = loss + optimiser.Penalty();
        var rate = plan.Schedule.RateAt(update);
        Check("loss", value);
        var norm = optimiser.Step(rate);
        Check("norm of the gradient", norm);
        return new(value, norm, rate, batch.Count);

        void Check(string what, double figure)
        {
            if (!double.IsFinite(figure))
                throw Divergence.Of(what, figure, update + 1, plan.Updates, rate, [.. batch.Select(IdOf)]);
        }
    }

    private string IdOf(int row) => idOf?.Invoke(row) ?? row.ToString(CultureInfo.InvariantCulture);

    /// <summary>Leaves the gradients of a batch's mean loss, and returns that.</summary>
    private double Backward(IReadOnlyList<int> batch, long update)
    {
        if (plan.Parts == 1)
            return task.Backward(batch, update);

        var mean = 0.0;
        var parts = batch.Chunk((batch.Count + plan.Parts - 1) / plan.Parts);
        foreach (var (number, part) in parts.Index())
        {
            using var scope = NewDisposeScope();
            // Each part draws numbers of its own, as a small update would.
            mean += task.Backward(part, update * plan.Parts + number, (double)part.Length / batch.Count);
        }
        return mean;
    }

    private Func<string, double>? RateOf()
    {
        if (plan.LayerDecay == 1)
            return null;
        var blocks = ParameterDepth.Blocks(task.Model);
        return name => Math.Pow(plan.LayerDecay, blocks + 1 - ParameterDepth.Of(name, blocks));
    }

    private bool IsScoreDue(TrainingState state) =>
        state.Update > state.Scored && (state.Update % plan.EvaluateEvery == 0 || state.Update == plan.Updates);

    private TrainingState Select(
        TrainingState state,
        TrainingCheckpoint checkpoint,
        AveragedWeights? average,
        CancellationToken stop
    )
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var scored = average?.InPlace();
        task.Model.eval();
        if (task.Score(stop) is not { } score)
            return state with { Scored = state.Update };

        if (_selection.Offer(state.Update, score))
            checkpoint.KeepBest();
        return state with { Scored = state.Update, Score = score, Selection = _selection.State };
    }
}
