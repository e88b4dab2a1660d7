namespace TransferPipeline.Modelling.Training;

/// <summary>How long, how fast and in which order a training goes.</summary>
/// <param name="LengthWindow">Batches in a window that is grouped by length; 1 for no grouping.</param>
/// <param name="WarmUp">Share of the updates in which the learning rate rises from 0.</param>
/// <param name="EvaluateEvery">Updates between two scores on the selection split.</param>
/// <param name="Patience">Scores without gain after which training stops; 0 for never.</param>
/// <param name="PatienceThreshold">By how much a score exceeds the best before it to be a gain.</param>
/// <param name="CheckpointEvery">Updates between two checkpoints; changes no result.</param>
/// <param name="LayerDecay">Factor of the learning rate from each block to the one below (Howard and Ruder 2018).</param>
/// <param name="Parts">Into so many parts a batch is divided, whose gradients are added before the update.</param>
/// <param name="Mixout">Null for none.</param>
/// <param name="AverageDecay">Of the average of the weights that is scored and kept in their place; null for the weights.</param>
public sealed record TrainingPlan(
    long Updates,
    int Batch,
    double LearningRate,
    AdamWOptions Optimiser,
    double WarmUp = 0.1,
    int LengthWindow = 16,
    long OrderSeed = 13,
    int EvaluateEvery = 50,
    int Patience = 0,
    double PatienceThreshold = 0,
    int CheckpointEvery = 100,
    double LayerDecay = 1,
    int Parts = 1,
    MixoutOptions? Mixout = null,
    double? AverageDecay = null
)
{
    /// <summary>The rate of each update.</summary>
    public LinearSchedule Schedule => LinearSchedule.OfShare(LearningRate, WarmUp, Updates);
}

/// <summary>How far a training is.</summary>
/// <param name="Loss">Mean loss of the newest updates.</param>
/// <param name="Score">The newest score on the selection split.</param>
/// <param name="Last">The newest update.</param>
public sealed record TrainingProgress(
    long Update,
    long Updates,
    double Loss,
    double? Score,
    TimeSpan? Left,
    UpdateFigures Last
);

/// <summary>Figures of one update.</summary>
/// <param name="Loss">Before the update, the L2 term included.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Examples">How many it read.</param>
public sealed record UpdateFigures(double Loss, double GradientNorm, double LearningRate, int Examples);

/// <summary>What a training did.</summary>
/// <param name="Updates">Optimiser updates made; fewer than planned where patience ran out.</param>
/// <param name="Kept">The update whose weights the model has now.</param>
/// <param name="Score">The score of those weights on the selection split.</param>
/// <param name="Loss">Mean loss of the last updates.</param>
public sealed record TrainingResult(long Updates, long Kept, double? Score, double Loss, double Seconds);
