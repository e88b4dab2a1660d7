using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Tokenization.Learning;

namespace TransferPipeline.Training.Pretraining;

/// <summary>One pretraining step, its inputs opened.</summary>
/// <param name="Folder">The model to go on with, or configuration and tokenizer of one that starts from nothing.</param>
/// <param name="Anew">Whether all weights are drawn.</param>
/// <param name="Notes">What a reader of the model's card must know.</param>
internal sealed record PretrainingJob(
    StepWork Work,
    PretrainingSpec Spec,
    ModelRef Start,
    bool Anew,
    string Folder,
    ITokenizer Tokenizer,
    PretrainingTexts Texts,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Masks of the model's dropout.</summary>
    public DropoutMasks Masks { get; } = new(Spec.Seed);

    public ModelSettings Settings =>
        new()
        {
            Masks = Masks,
            Seed = Spec.Seed,
            FromScratch = Anew,
            Placement = TrainingEnvironment.PlacementOf(Work),
        };

    /// <exception cref="BadInputException">Inputs contradict each other or there is nothing to learn from.</exception>
    public static PretrainingJob Open(StepWork work)
    {
        var spec = work.Spec<PretrainingSpec>();
        var (start, anew) = FindStart(work);
        var texts = PretrainingTexts.Read(work, spec.HeldOut, spec.Seed);
        var folder = work.OpenModel(start);
        var notes = new List<string>();
        if (spec.Vocabulary > 0)
        {
            var learnt = Directory.CreateDirectory(Path.Combine(work.Scratch, "vocabulary")).FullName;
            var words = texts.Train.SelectMany(row => new[] { row.Text, row.TextB }).OfType<string>();
            var tokens = NewVocabulary.Learn(folder, words, spec.Vocabulary, learnt, work.Stop);
            notes.Add($"A vocabulary of {tokens} tokens was learnt.");
            if (!anew)
                notes.Add(Resized(VocabularyTransfer.Write(folder, learnt, spec.Seed)));
            folder = learnt;
        }
        return new(work, spec, start, anew, folder, Tokenizers.Open(folder), texts, notes);
    }

    private static string Resized(VocabularyTransfer.Rows rows) =>
        $"Of the word embeddings {rows.Kept} are the model's own, {rows.Averaged} the mean of their pieces' and "
        + $"{rows.New} started new.";

    /// <summary>The model to go on with, or the one whose architecture and vocabulary a new one takes.</summary>
    private static (ModelRef Model, bool Anew) FindStart(StepWork work) =>
        (work.Input("model")?.Model, work.Input("config")?.Model) switch
        {
            ({ } model, null) => (model, false),
            (null, { } config) => (config, true),
            _ => throw new BadInputException(
                $"Step {work.Step.Name}: expected either 'model', to go on with, or 'config', to start from nothing."
            ),
        };
}
