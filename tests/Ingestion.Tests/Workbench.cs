using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Ingestion.Tests;

/// <summary>A folder for data files beside a real store.</summary>
internal sealed class Workbench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IHost _host;

    public Workbench(IStepBus? bus = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddEmbeddedStorage(_folder["home"]);
        if (bus is not null)
            builder.Services.AddSingleton(bus);
        builder.AddIngestionService();
        _host = builder.Build();
    }

    public IArtefacts Artefacts => _host.Services.GetRequiredService<IArtefacts>();
    public IDocuments<DatasetDocument> Documents => _host.Services.GetRequiredService<IDocuments<DatasetDocument>>();
    public DatasetImporter Importer => _host.Services.GetRequiredService<DatasetImporter>();

    public string this[string name] => _folder["data", name];

    public string Write(string name, string content) => _folder.Write(Path.Combine("data", name), content);

    public string Write(string name, byte[] content)
    {
        Write(name, "");
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public Task<ImportResult> ImportAsync(string path, Func<ImportRequest, ImportRequest>? with = null)
    {
        var request = new ImportRequest { Name = "set", Path = path };
        return Importer.ImportAsync(with?.Invoke(request) ?? request);
    }

    /// <summary>Imports what must be refused, sees that nothing was stored, and returns the message.</summary>
    public async Task<string> RefusedAsync(string path, Func<ImportRequest, ImportRequest>? with = null)
    {
        var fault = await Assert.ThrowsAsync<BadInputException>(() => ImportAsync(path, with));
        Assert.Empty(await Artefacts.ListAsync().ToListAsync());
        Assert.Empty(await Documents.FindAsync().ToListAsync());
        return fault.Message.Replace(_folder["data"] + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }

    public List<Example> Rows(DatasetRef dataset, string split) => Rows(dataset.Find(split)!);

    public List<Example> Rows(SplitRef split) => [.. SplitReader.Read(FileOf(split.Content))];

    public string FileOf(ArtefactRef content) => Artefacts.GetFileAsync(content).GetAwaiter().GetResult();

    /// <summary>Stores a dataset of classification as an import would.</summary>
    public DatasetRef Dataset(params (string Split, IEnumerable<Example> Rows)[] splits)
    {
        var labels = splits
            .SelectMany(split => split.Rows)
            .Select(row => row.Label)
            .OfType<string>()
            .Distinct()
            .Order();
        return DatasetIdentity.Dataset(
            "set",
            TaskType.Classification,
            [.. labels],
            splits.Select(split => Artefacts.StoreSplit(split.Split, split.Rows))
        );
    }

    public ArtefactRef Store(string text) =>
        Artefacts
            .StoreAsync((to, stop) => to.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), stop).AsTask())
            .GetAwaiter()
            .GetResult();

    public DatasetRef Sample(DatasetRef dataset, SamplingSpec spec, ArtefactRef? rows = null) =>
        Handle("sample", dataset, spec, rows is null ? [] : [new StepInput("rows", File: rows)]).Dataset!;

    public DatasetRef Corrupt(DatasetRef dataset, CorruptionSpec spec) => Handle("corrupt", dataset, spec, []).Dataset!;

    private StepOutput Handle(string uses, DatasetRef dataset, object spec, IReadOnlyList<StepInput> more)
    {
        var step = new StepDocument
        {
            Id = "run.few",
            Run = "run",
            Name = "few",
            Cell = new Dictionary<string, string>(),
            Uses = uses,
            Parameters = JsonSerializer.SerializeToNode(spec, WireFormat.Options)!.AsObject(),
            Inputs = [new StepInput("dataset", Dataset: dataset), .. more],
            Needs = [],
        };
        var work = new StepWork(step, Artefacts, new Progress<StepProgress>(), null!, _folder.Path, default);
        return _host.Services.GetServices<IStepHandler>().Single(handler => handler.Kind.Uses == uses).Handle(work);
    }

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }
}
