using System.Runtime.CompilerServices;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Runs;

public sealed class When_the_models_of_steps_are_named : StudyTests
{
    private const string OnlyTuned = """
        name: tuning
        inputs: { dataset: reviews, model: minilm }
        steps:
          tuned: { uses: fine-tune, with: { model: "${inputs.model}", dataset: "${inputs.dataset}", seed: 1 } }
        """;

    [Fact]
    public async Task Two_orchestrators_that_name_one_at_a_time_name_it_once()
    {
        var run = await RunAsync();
        var step = House.Step(run, "tuned");
        await House.Models.DeleteAsync("study.tuned.1@1");
        var slower = new ModelShelf(
            new OvertakenDocuments(House.Models, () => Shelf(House.Models).RegisterAsync(run, step, default)),
            TimeProvider.System
        );

        await slower.RegisterAsync(run, step, default);

        Assert.Equal(["study.tuned.1@1"], Named("study.tuned.1"));
    }

    [Fact]
    public async Task Two_that_name_two_models_alike_give_them_two_numbers()
    {
        var run = await RunAsync();
        var (step, other) = (House.Step(run, "tuned"), House.Step(run, "majority"));
        await House.Models.DeleteAsync("study.tuned.1@1");
        var slower = new ModelShelf(
            new OvertakenDocuments(
                House.Models,
                () => Shelf(House.Models).RegisterAsync(run, step with { Output = other.Output }, default)
            ),
            TimeProvider.System
        );

        await slower.RegisterAsync(run, step, default);

        Assert.Equal(["study.tuned.1@1", "study.tuned.1@2"], Named("study.tuned.1"));
    }

    [Fact]
    public async Task A_run_does_not_end_before_all_have_a_name()
    {
        var run = await House.SubmitAsync(OnlyTuned);
        await House.ScanAsync(run.Id);
        await FinishAsync(run, "tuned");

        // Another orchestrator made the report ready and died before it followed up what else had ended.
        await House.Steps.ReplaceAsync(House.Step(run, "report") with { State = StepState.Ready });
        House.Restart();
        await House.TellAsync(await FinishAsync(run, "report"));

        Assert.Equal(RunState.Completed, (await House.Runs.GetAsync(run.Id))!.State);
        Assert.Equal(["tuning.tuned@1"], Named("tuning.tuned"));
    }

    private static ModelShelf Shelf(IDocuments<ModelDocument> models) => new(models, TimeProvider.System);

    private IEnumerable<string> Named(string name) =>
        House.Models.All.Where(model => model.Name == name).Select(model => model.Id);

    private async Task<StepDocument> FinishAsync(RunDocument run, string name) =>
        (await House.FinishAsync((await House.ClaimAsync(House.Step(run, name)))!))!;

    /// <summary>Somebody else writes between the first question and its asker's write.</summary>
    private sealed class OvertakenDocuments(IDocuments<ModelDocument> inner, Func<Task> overtake)
        : IDocuments<ModelDocument>
    {
        private bool _overtaken;

        public Task<bool> InsertAsync(ModelDocument document, CancellationToken cancellation = default) =>
            inner.InsertAsync(document, cancellation);

        public Task<ModelDocument?> GetAsync(string id, CancellationToken cancellation = default) =>
            inner.GetAsync(id, cancellation);

        public Task<ModelDocument?> ReplaceAsync(ModelDocument document, CancellationToken cancellation = default) =>
            inner.ReplaceAsync(document, cancellation);

        public async IAsyncEnumerable<ModelDocument> FindAsync(
            [EnumeratorCancellation] CancellationToken cancellation = default,
            params (string Field, string Value)[] equal
        )
        {
            await foreach (var found in inner.FindAsync(cancellation, equal))
                yield return found;
            if (_overtaken)
                yield break;
            _overtaken = true;
            await overtake();
        }

        public Task<bool> DeleteAsync(string id, CancellationToken cancellation = default) =>
            inner.DeleteAsync(id, cancellation);
    }
}
