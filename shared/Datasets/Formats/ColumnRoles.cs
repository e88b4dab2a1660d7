namespace TransferPipeline.Datasets.Formats;

/// <summary>Columns as the user names them; null where they are to be guessed, <c>none</c> where there shall be none.</summary>
public sealed record NamedColumns(
    string? Text = null,
    string? TextB = null,
    string? Label = null,
    string? Id = null,
    string? Split = null,
    string? Group = null
);

/// <summary>What each column of a file is for; -1 where there is none.</summary>
/// <param name="Header">Whether the file's first record names its columns.</param>
/// <param name="Guesses">For people: <c>text: column 'sentence'</c>, for each column that was not named.</param>
public sealed record ColumnRoles(
    bool Header,
    int Text,
    int TextB,
    int Label,
    int Id,
    int Split,
    int Group,
    IReadOnlyList<string> Guesses
)
{
    /// <summary>The columns in use.</summary>
    public IReadOnlyList<int> InUse =>
        [.. new[] { Text, TextB, Label, Id, Split, Group }.Where(column => column >= 0).Distinct()];
}
