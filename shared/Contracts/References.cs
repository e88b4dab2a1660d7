namespace TransferPipeline.Contracts;

/// <summary>Bytes addressed by their SHA-256, written <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public sealed record ArtefactRef(string Hash)
{
    public override string ToString() => Hash;
}

/// <summary>What the labels of a dataset are for.</summary>
public enum TaskType
{
    Classification,
    PairClassification,
    Regression,
    QuestionAnswering,
    TokenClassification,
    Text,
}

/// <summary>One split of a dataset.</summary>
/// <param name="Name"><c>train</c>, <c>dev</c>, <c>test</c> or <c>unlabelled</c>.</param>
/// <param name="Id">Hash of the canonical rows; what a step's key covers.</param>
/// <param name="Content">The rows as Parquet.</param>
/// <param name="Rows">Number of examples.</param>
/// <param name="Labelled">Number of examples that carry a label.</param>
/// <param name="CutFrom">Ids of the splits these rows were taken from, nearest first.</param>
public sealed record SplitRef(
    string Name,
    string Id,
    ArtefactRef Content,
    long Rows,
    long Labelled,
    IReadOnlyList<string> CutFrom
);

/// <summary>An immutable dataset: its id is the hash of its canonical rows, task and label set.</summary>
/// <param name="HiddenLabels">Labels that a sample took away; only scoring may resolve it.</param>
/// <param name="Findings">A <see cref="SynthesisFindings"/> as JSON, of the synthesis that made it; no part of the id.</param>
public sealed record DatasetRef(
    string Id,
    string Name,
    TaskType Task,
    IReadOnlyList<string> Labels,
    IReadOnlyList<SplitRef> Splits,
    ArtefactRef? HiddenLabels = null,
    ArtefactRef? Findings = null
)
{
    /// <summary>The split of that name, or null.</summary>
    public SplitRef? Find(string split) => Splits.FirstOrDefault(candidate => candidate.Name == split);
}

/// <summary>A checkpoint in Hugging Face layout, or a baseline.</summary>
/// <param name="Id">Hash of the file names and their hashes.</param>
/// <param name="Files">Relative path of each file and its artefact hash.</param>
/// <param name="Card">A <see cref="ModelCard"/> as JSON.</param>
/// <param name="Provenance"><see cref="ModelCard.Provenance"/> of that card; what the key of a step that reads it covers.</param>
public sealed record ModelRef(
    string Id,
    IReadOnlyDictionary<string, string> Files,
    ArtefactRef Card,
    string Provenance = ""
);
