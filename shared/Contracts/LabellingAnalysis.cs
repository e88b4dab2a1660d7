namespace TransferPipeline.Contracts;

/// <summary>What the functions of a <c>label</c> step said, and what was made of it.</summary>
/// <param name="Rows">Texts that were voted on: those of train and those without a label.</param>
/// <param name="Covered">Texts on which at least one function voted.</param>
/// <param name="Labelled">Texts without a label that were given one.</param>
/// <param name="Unlabelled">Texts without a label before.</param>
/// <param name="Balance">The share of each label, as given or estimated.</param>
/// <param name="Notes">What a reader must know: functions that never voted …</param>
public sealed record LabellingAnalysis(
    string LabelModel,
    IReadOnlyList<string> Labels,
    long Rows,
    long Covered,
    long Labelled,
    long Unlabelled,
    IReadOnlyList<double> Balance,
    IReadOnlyList<FunctionAnalysis> Functions,
    IReadOnlyList<string> Notes
)
{
    /// <summary>What an output calls the artefact that holds it.</summary>
    public const string File = "labelling.json";
}

/// <summary>One labelling function. Shares are of all rows.</summary>
/// <param name="Polarity">The labels it voted for.</param>
/// <param name="Coverage">Where it voted.</param>
/// <param name="Overlaps">Where it voted and another did too.</param>
/// <param name="Conflicts">Where it voted and another voted for another label.</param>
/// <param name="EmpiricalAccuracy">Of its votes on rows of train with a label; null where there are none.</param>
/// <param name="LearnedAccuracy">What the label model thinks of its votes; null where it learns none.</param>
public sealed record FunctionAnalysis(
    string Name,
    IReadOnlyList<string> Polarity,
    double Coverage,
    double Overlaps,
    double Conflicts,
    double? EmpiricalAccuracy,
    double? LearnedAccuracy
);

/// <summary>The votes on one text that came without a label, and the label it was given: a line of <see cref="File"/>.</summary>
/// <param name="Votes">By function; an empty word is an abstention.</param>
/// <param name="Given">The most probable label; null where none was given.</param>
public sealed record VotedText(string Id, IReadOnlyList<string> Votes, string? Given)
{
    /// <summary>What an output calls the artefact of JSON Lines.</summary>
    public const string File = "votes.jsonl";
}
