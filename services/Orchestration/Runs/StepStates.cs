using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>What the states of a step have in common.</summary>
internal static class StepStates
{
    public static bool HasEnded(this StepState state) =>
        state is not (StepState.Waiting or StepState.Ready or StepState.Running);

    /// <summary>Ended otherwise than by completing: what a retry takes up again.</summary>
    public static bool HasStranded(this StepState state) => state.HasEnded() && state != StepState.Completed;
}
