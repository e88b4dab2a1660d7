using TransferPipeline.Hosting.Http;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Training.Api;

/// <summary>Shows stored models.</summary>
internal sealed class ModelCatalogue(IDocuments<ModelDocument> models)
{
    /// <summary>By name, oldest registration first.</summary>
    public async Task<IReadOnlyList<ModelDocument>> ListAsync(CancellationToken cancellation) =>
        [
            .. (await models.FindAsync(cancellation).ToListAsync(cancellation))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ThenBy(entry => entry.Number),
        ];

    /// <summary>The model of that id, or the newest of that name.</summary>
    public async Task<ModelDocument> GetAsync(string id, CancellationToken cancellation)
    {
        var found = id.Contains('@')
            ? await models.GetAsync(id, cancellation)
            : (await models.FindAsync(cancellation, ("name", id)).ToListAsync(cancellation)).MaxBy(entry =>
                entry.Number
            );
        return found ?? throw ApiProblemException.NotFound($"There is no model '{id}'.");
    }
}
