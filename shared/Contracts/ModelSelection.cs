namespace TransferPipeline.Contracts;

/// <summary>How one of several models was chosen.</summary>
/// <param name="Chosen">The chosen one's place among the candidates.</param>
/// <param name="Candidates">All of them, in the order in which they were given.</param>
public sealed record ModelSelection(
    string Metric,
    string Split,
    int Chosen,
    IReadOnlyList<SelectionCandidate> Candidates
);

/// <summary>A model that could have been chosen.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Root">The checkpoint or algorithm that it came from.</param>
/// <param name="Score">On the split that chose.</param>
public sealed record SelectionCandidate(string Model, string Root, double Score);
