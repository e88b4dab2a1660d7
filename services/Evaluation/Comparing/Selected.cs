namespace TransferPipeline.Evaluation.Comparing;

/// <summary>How a <c>select</c> step chose.</summary>
/// <param name="Chosen">The chosen one's place among the candidates.</param>
internal sealed record Selected(string Metric, string Split, int Chosen, IReadOnlyList<Candidate> Candidates)
{
    public Candidate Best => Candidates[Chosen];
}

/// <summary>A model that could have been chosen.</summary>
/// <param name="Step">The step that made it, or the model's own name.</param>
/// <param name="Settings">Where it stands in the matrix, without what the choosing step has in common with it.</param>
internal sealed record Candidate(string Step, MatrixCell Settings, double Score)
{
    /// <summary><c>tuned, batch 4, learning rate 2e-5</c>.</summary>
    public override string ToString() => Settings.Values.Count == 0 ? Step : $"{Step}, {Settings}";
}
