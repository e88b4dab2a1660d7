using System.Globalization;

namespace TransferPipeline.Storage.Documents;

/// <summary>A document that gives content a name and a number under it; its id is <c>name@number</c>.</summary>
public interface INamedContent
{
    string Name { get; }

    /// <summary>1 for the first content under this name.</summary>
    int Number { get; }
}

/// <summary>Registers content under names.</summary>
public static class NamedContents
{
    /// <summary>
    /// Inserts content under the number after the newest of its name; content that has the name already keeps its document.
    /// </summary>
    /// <param name="isSame">Whether a document has this content.</param>
    /// <param name="make">The document of that id and number.</param>
    public static async Task<(T Document, bool IsNew)> RegisterAsync<T>(
        this IDocuments<T> documents,
        string name,
        Func<T, bool> isSame,
        Func<string, int, T> make,
        CancellationToken cancellation = default
    )
        where T : class, IDocument<T>, INamedContent
    {
        while (true)
        {
            var newest = 0;
            await foreach (var known in documents.FindAsync(cancellation, ("name", name)))
            {
                if (isSame(known))
                    return (known, false);
                newest = Math.Max(newest, known.Number);
            }
            var number = newest + 1;
            var document = make(string.Create(CultureInfo.InvariantCulture, $"{name}@{number}"), number);
            // Somebody else may have taken the number, or registered this very content: all are read again.
            if (await documents.InsertAsync(document, cancellation))
                return (document.WithVersion(1), true);
        }
    }
}
