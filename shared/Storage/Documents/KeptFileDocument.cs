using TransferPipeline.Contracts;

namespace TransferPipeline.Storage.Documents;

/// <summary>A file that was computed and may be asked for again; where its bytes were cleaned away it is computed anew.</summary>
/// <param name="Id">Hash of all that the file depends on.</param>
public sealed record KeptFileDocument(string Id, ArtefactRef File, int Version = 0) : IDocument<KeptFileDocument>
{
    public static string Collection => "keptfiles";

    public static IReadOnlyList<string> Indexes { get; } = [];

    public KeptFileDocument WithVersion(int version) => this with { Version = version };
}
