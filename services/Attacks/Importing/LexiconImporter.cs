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
        return await RegisterAsync(name ?? kind, kind, lexicon.Count, pack, cancellation);
    }

    /// <summary>What <c>KIND:PATH</c> says, where a pack may be given so; null where it says nothing of the kind.</summary>
    public static (string Kind, string Path)? Given(string text) =>
        text.IndexOf(Between) is > 0 and var at && LexiconKinds.Names.Contains(text[..at])
            ? (text[..at], text[(at + 1)..])
            : null;

    private async Task<LexiconDocument> RegisterAsync(
        string name,
        string kind,
        int entries,
        ArtefactRef pack,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            var newest = 0;
            await foreach (var known in documents.FindAsync(cancellation, ("name", name)))
            {
                if (known.Pack == pack)
                    return known;
                newest = Math.Max(newest, known.Number);
            }
            var document = new LexiconDocument
            {
                Id = $"{name}@{newest + 1}",
                Name = name,
                Number = newest + 1,
                Kind = kind,
                Entries = entries,
                Pack = pack,
                Stored = clock.GetUtcNow(),
            };
            // Another import may have taken the number.
            if (await documents.InsertAsync(document, cancellation))
                return document.WithVersion(1);
        }
    }
}
