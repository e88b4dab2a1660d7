using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Hosting.Bus;

/// <summary>The message types of all kinds of step.</summary>
internal static class StepMessages
{
    private static readonly Dictionary<Type, StepKind> Kinds = StepKinds.All.ToDictionary(CommandOf);

    public static Type CommandOf(StepKind kind) => kind.Command(default, default).GetType();

    public static IEnumerable<Type> EventsOf(StepKind kind) =>
        [kind.Completed(default, default).GetType(), kind.Failed(default, default).GetType()];

    /// <summary>The kind that this type of command belongs to.</summary>
    public static StepKind Of(Type command) => Kinds[command];
}
