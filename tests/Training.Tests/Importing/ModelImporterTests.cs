using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Training.Tests.Importing;

public sealed class When_a_model_with_pickled_weights_is_imported : IDisposable
{
    private static readonly string Forms = GoldenFolders.Of("checkpoint-forms")[0];
    private static readonly string Plain = GoldenFolders.Of("bert-sequence-classification")[0];

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public When_a_model_with_pickled_weights_is_imported() =>
        _services = new ServiceCollection()
            .AddEmbeddedStorage(_folder["home"])
            .AddSingleton<ModelImporter>()
            .BuildServiceProvider();

    private IArtefacts Artefacts => _services.GetRequiredService<IArtefacts>();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("bin-zip")]
    [InlineData("bin-legacy")]
    [InlineData("bin-strided")]
    [InlineData("bin-old-names")]
    public async Task It_is_stored_with_the_safetensors_that_Transformers_makes_of_them(string form)
    {
        var imported = await ImportAsync(Path.Combine(Forms, form));

        Assert.DoesNotContain("pytorch_model.bin", imported.Model.Files.Keys);
        var stored = await ModelFolders.MaterialiseAsync(imported.Model, Artefacts, _folder["scratch"]);
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(Plain, "model.safetensors")),
            await File.ReadAllBytesAsync(Path.Combine(stored, "model.safetensors"))
        );
        Assert.Equal(imported.Id, (await ImportAsync(Path.Combine(Forms, form))).Id);
    }

    [Fact]
    public async Task It_is_refused_where_they_ask_for_more_than_tensors_and_nothing_is_stored()
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() =>
            ImportAsync(Path.Combine(Forms, "refused-bin-executes"))
        );

        Assert.Contains("io.open is refused", refused.Message);
        Assert.False(File.Exists("executed-by-pickle"));
        await foreach (var model in _services.GetRequiredService<IDocuments<ModelDocument>>().FindAsync())
            Assert.Fail(model.Id);
    }

    private Task<ModelDocument> ImportAsync(string folder) =>
        _services.GetRequiredService<ModelImporter>().ImportAsync(folder);
}
