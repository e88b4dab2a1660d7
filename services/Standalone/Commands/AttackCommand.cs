using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Recipes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Standalone.Commands;

/// <summary><c>transfer attack MODEL --recipe RECIPE --text TEXT</c></summary>
internal static class AttackCommand
{
    private static readonly Argument<string> Model = new("MODEL")
    {
        Description = "A model's name, or a folder in Hugging Face layout.",
    };
    private static readonly Option<string> Recipe = new("--recipe")
    {
        Description = "How the text is changed.",
        Required = true,
    };
    private static readonly Option<string> Text = new("--text") { Description = "The text.", Required = true };
    private static readonly Option<string?> TextB = new("--text-b")
    {
        Description = "The second text of a pair, or the context of a question.",
    };
    private static readonly Option<string?> Label = new("--label")
    {
        Description = "The true label, or the right answer; left out, what the model says.",
    };
    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Seed of what the recipe draws.",
        DefaultValueFactory = _ => 13,
    };
    private static readonly Option<int?> Budget = new("--budget") { Description = "The most queries." };
    private static readonly Option<string[]> Lexicon = new("--lexicon")
    {
        Description = "A pack's name, or KIND:PATH; repeatable.",
    };

    private static readonly (Option<string?> Option, string Need)[] Further =
    [
        Asked("--encoder", AttackNeeds.Encoder),
        Asked("--masked-model", AttackNeeds.MaskedModel),
        Asked("--language-model", AttackNeeds.LanguageModel),
        Asked("--vectors", AttackNeeds.Vectors),
    ];

    public static Command Create()
    {
        var command = new Command("attack", "Attack a model with one text, step by step.")
        {
            Model,
            Recipe,
            Text,
            TextB,
            Label,
            Seed,
            Budget,
            Lexicon,
            CommandContext.JsonOption,
        };
        foreach (var (option, _) in Further)
            command.Options.Add(option);
        command.SetAction(CommandContext.Guard(AttackAsync));
        return command;
    }

    private static Task<int> AttackAsync(CommandContext context, ParseResult parsed, CancellationToken cancellation) =>
        OpenedModels.UseAsync(models => AttackAsync(context, parsed, models, cancellation));

    private static async Task<int> AttackAsync(
        CommandContext context,
        ParseResult parsed,
        OpenedModels models,
        CancellationToken cancellation
    )
    {
        var text = new ModelText(parsed.GetValue(Text)!, parsed.GetValue(TextB));
        if (PerturbedText.Of(text).Words.Count == 0)
            throw new BadInputException("--text: there is no word to attack");
        if (parsed.GetValue(Budget) is < 1)
            throw new BadInputException("--budget: expected 1 or more");

        await using var pipeline = EmbeddedPipeline.Create(context);
        var artefacts = pipeline.Services.GetRequiredService<IArtefacts>();
        var lexicons = await OpenAsync(pipeline, artefacts, parsed.GetValue(Lexicon) ?? [], cancellation);
        var name = parsed.GetValue(Model)!;
        var folder = await FolderAsync(name);
        using var answerer = ModelHeads.Of(folder) == ModelHead.Answers ? AnswerFinder.Open(folder) : null;
        using var model = answerer is null ? Classifiers.Open(folder) : null;
        if (answerer is not null && text.Second is null)
            throw new BadInputException("--text-b is missing; expected the context that answers the question");
        var further = new Dictionary<string, string>();
        foreach (var (option, need) in Further)
            if (parsed.GetValue(option) is { } other)
                further[need] = await FolderAsync(other);
        using var given = new RecipeResources(lexicons, model, further.GetValueOrDefault);
        var (recipe, seed, budget) = (parsed.GetValue(Recipe)!, parsed.GetValue(Seed), parsed.GetValue(Budget));
        var attack = answerer is null
            ? ShownAttack.On(model!, recipe, given, seed, budget)
            : ShownAttack.On(answerer, recipe, given, seed, budget);
        AttackDisplay.Show(context.Terminal, attack, text, parsed.GetValue(Label), cancellation);
        if (context.Terminal.Json)
            Terminal.WriteJson(JsonSerializer.Serialize(attack.Result, WireFormat.Readable));
        return ExitCode.Done;

        Task<string> FolderAsync(string model) => models.FolderAsync(pipeline, model, cancellation);
    }

    private static (Option<string?> Option, string Need) Asked(string option, string need) =>
        (new(option) { Description = $"Where a recipe needs {AttackNeeds.Described(need)}." }, need);

    private static async Task<LexiconSet> OpenAsync(
        EmbeddedPipeline pipeline,
        IArtefacts artefacts,
        string[] names,
        CancellationToken cancellation
    )
    {
        var packs = new List<string>();
        foreach (var name in names)
        {
            var found = await pipeline.Inputs.ResolveAsync(InputKind.Lexicon, name, cancellation);
            packs.Add(await artefacts.GetFileAsync(found.File!, cancellation));
        }
        return LexiconSet.Open(packs);
    }
}
