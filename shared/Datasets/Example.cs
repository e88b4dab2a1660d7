namespace TransferPipeline.Datasets;

/// <summary>How an example came to be.</summary>
public enum ExampleOrigin
{
    Ingested,
    Synthesised,
    Augmented,
    Attacked,
}

/// <summary>One row of a dataset.</summary>
/// <param name="Id">Unique in its dataset; given, or split name and 0-based row number (<c>train-17</c>).</param>
/// <param name="Label">The label's name; null where it has none. A number in invariant culture for regression.</param>
/// <param name="Weight">Its weight in a loss.</param>
/// <param name="Source">The id of the example it was made from, where it was not ingested.</param>
/// <param name="Group">What keeps rows on one side of a cut (article, paragraph); null where there is none.</param>
public sealed record Example(
    string Id,
    string Text,
    string? TextB = null,
    string? Label = null,
    float Weight = 1f,
    ExampleOrigin Origin = ExampleOrigin.Ingested,
    string? Source = null,
    string? Group = null
);
