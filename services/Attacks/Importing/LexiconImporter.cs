using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Attacks.Importing;

/// <summary>Makes packs of words and registers them under a name.</summary>
public sealed class LexiconImporter(IArtefacts artefacts, IDocuments<LexiconDocument> documents, TimeProvider clock)
{
    private const char Between = ':';

    /// <summary>Reads all of the source before anything is stored.</summary>
    /// <param name="name">Null: the kind's.</param>
    /// <exception cref="BadInputException">No such kind, or the source is wrong; the message names file and line.</exception>
    public async Task<LexiconDocument> ImportAsync(
        string kind,
        string path,
        string? name = null,
        CancellationToken cancellation = default
    )
    {
        var lexicon = await Task.Run(() => LexiconPack.Read(LexiconKinds.Parse(kind), path), cancellation);
        var pack = await artefacts.StoreAsync(
            (to, _) =>
            {
                LexiconPack.Write(lexicon, to);
                return Task.CompletedTask;
            },
            cancellation
        );
        name ??= kind;
        var (document, _) = await documents.RegisterAsync(
            name,
            known => known.Pack == pack,
            (id, number) =>
                new()
                {
                    Id = id,
                    Name = name,
                    Number = number,
                    Kind = kind,
                    Entries = lexicon.Count,
                    Pack = pack,
                    Stored = clock.GetUtcNow(),
                },
            cancellation
        );
        return document;
    }

    /// <summary>What <c>KIND:PATH</c> says, where a pack may be given so; null where it says nothing of the kind.</summary>
    public static (string Kind, string Path)? Given(string text) =>
        text.IndexOf(Between) is > 0 and var at && LexiconKinds.Names.Contains(text[..at])
            ? (text[..at], text[(at + 1)..])
            : null;
}
