namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters that cannot be without some input, or are what some input is for.</summary>
public interface IInputNeeds
{
    /// <summary>What is missing beside the inputs that are given, and what was expected; without a full stop.</summary>
    IEnumerable<string> Lacking(Func<string, bool> given);
}
