using System.Text.Json;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Makes a dataset of local files and registers it under its name.</summary>
public sealed partial class DatasetImporter(
    IArtefacts artefacts,
    IDocuments<DatasetDocument> documents,
    TimeProvider clock,
    DatasetAnnouncer? announcer = null
)
{
    /// <summary>Reads the files as a stream, checks every row, and stores all or nothing.</summary>
    /// <exception cref="BadInputException">Names file, place and what was expected.</exception>
    public async Task<ImportResult> ImportAsync(
        ImportRequest request,
        IProgress<ImportProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        if (!Name().IsMatch(request.Name))
            throw new BadInputException(
                $"--name {request.Name}: expected letters, digits, '.', '_' and '-', beginning with a letter or digit"
            );
        await using var spool = new SplitSpool();
        var (task, labels, statistics) = await Task.Run(
            () => Read(request, spool, progress, cancellation),
            cancellation
        );

        var splits = await spool.StoreAsync(artefacts, cancellation);
        var dataset = DatasetIdentity.Dataset(request.Name, task, labels, splits);
        var stored = await artefacts.StoreAsync(
            (to, stop) => JsonSerializer.SerializeAsync(to, statistics, WireFormat.Options, stop),
            cancellation
        );
        var (document, isNew) = await RegisterAsync(dataset, stored, cancellation);
        if (isNew)
            announcer?.Announce(document);
        return new ImportResult(document, statistics, isNew);
    }

    private static (TaskType Task, IReadOnlyList<string> Labels, DatasetStatistics Statistics) Read(
        ImportRequest request,
        SplitSpool spool,
        IProgress<ImportProgress>? progress,
        CancellationToken cancellation
    )
    {
        var notes = new List<string>();
        var sources = ImportSource.Of(request, notes);
        var known = ImportSource.KnownTask(request, sources);
        var cut = CutPlan.Of(
            request,
            sources,
            classes: known is null or TaskType.Classification or TaskType.PairClassification
        );
        using var pass = new ImportPass(spool, known, cut, new LabelNames(request.LabelNames), progress);
        pass.Read(sources, cancellation);

        var task = known ?? pass.GuessTask();
        if (known is null)
            notes.Add($"task: {NameOf(task)}");
        if (pass.LeftLabelsOut)
            notes.Add("unlabelled: its labels were left out");
        pass.Check(task);
        if (request.Strict)
            pass.Overlaps.CheckStrictly();
        var labels = pass.Labels.Names(task);
        var splits = Enumerable
            .Range(0, DatasetIdentity.SplitNames.Count)
            .Where(split => pass.Rows(split) > 0)
            .Select(split => pass.Statistics(split, labels, task));
        return (task, labels, new DatasetStatistics([.. splits], pass.Overlaps.Leaks(), notes));
    }

    private Task<(DatasetDocument Document, bool IsNew)> RegisterAsync(
        DatasetRef dataset,
        ArtefactRef statistics,
        CancellationToken cancellation
    ) =>
        documents.RegisterAsync(
            dataset.Name,
            known => known.DatasetId == dataset.Id,
            (id, number) =>
                new()
                {
                    Id = id,
                    Name = dataset.Name,
                    Number = number,
                    DatasetId = dataset.Id,
                    Dataset = dataset,
                    Statistics = statistics,
                    Stored = clock.GetUtcNow(),
                },
            cancellation
        );

    /// <summary>The word for <c>--task</c>.</summary>
    internal static string NameOf(TaskType task) => JsonNamingPolicy.KebabCaseLower.ConvertName(task.ToString());

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex Name();
}
