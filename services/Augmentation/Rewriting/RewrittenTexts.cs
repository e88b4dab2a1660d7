namespace TransferPipeline.Augmentation.Rewriting;

/// <summary>What a <c>rewrite</c> step did: how many copies it added, and some of them.</summary>
/// <param name="Rows">Labelled rows of train.</param>
/// <param name="Unchanged">Copies that were left out, as nothing in them could be edited.</param>
internal sealed record RewrittenTexts(
    string Method,
    long Rows,
    long Added,
    long Unchanged,
    IReadOnlyList<RewrittenText> Examples
)
{
    /// <summary>What an output calls the artefact that holds it.</summary>
    public const string File = "rewriting.json";
}

/// <summary>A text and a copy of it.</summary>
internal sealed record RewrittenText(string Before, string After);
