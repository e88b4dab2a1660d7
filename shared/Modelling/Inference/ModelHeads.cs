using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Prompting;

namespace TransferPipeline.Modelling.Inference;

/// <summary>What a model gives.</summary>
public enum ModelHead
{
    /// <summary>A label or a number for a text or a pair.</summary>
    Texts,

    /// <summary>A tag for each word.</summary>
    Words,

    /// <summary>The answer to a question.</summary>
    Answers,

    /// <summary>Tokens that are hidden or come next.</summary>
    Tokens,
}

/// <summary>Models' heads by what their <c>config.json</c> names.</summary>
public static class ModelHeads
{
    private static readonly (string Ending, ModelHead Head)[] Endings =
    [
        ("ForSequenceClassification", ModelHead.Texts),
        ("ForTokenClassification", ModelHead.Words),
        ("ForQuestionAnswering", ModelHead.Answers),
        ("ForMaskedLM", ModelHead.Tokens),
        ("ForPreTraining", ModelHead.Tokens),
        ("LMHeadModel", ModelHead.Tokens),
    ];

    /// <summary>
    /// The head that a folder's configuration names; a baseline's, and a language model's with a prompt, is
    /// <see cref="ModelHead.Texts"/>, null: none of these.
    /// </summary>
    public static ModelHead? Of(string folder)
    {
        if (!File.Exists(Path.Combine(folder, ConfigFile.FileName)) || PromptSettings.AreIn(folder))
            return ModelHead.Texts;
        return Named(folder) is { } name ? Head(name) : null;
    }

    /// <summary>Heads of two kinds may share the names of their weights: what names another head is refused.</summary>
    internal static void Refuse(string folder, ModelHead wanted)
    {
        if (Named(folder) is { } name && Head(name) is { } head && head != wanted)
            throw new BadInputException(
                $"{folder}: is a {name}; expected one that ends in {Endings.First(one => one.Head == wanted).Ending}."
            );
    }

    private static ModelHead? Head(string name)
    {
        foreach (var (ending, head) in Endings)
            if (name.EndsWith(ending, StringComparison.Ordinal))
                return head;
        return null;
    }

    private static string? Named(string folder)
    {
        var path = Path.Combine(folder, ConfigFile.FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            var config = JsonNode.Parse(File.ReadAllBytes(path));
            return config is JsonObject && config["architectures"] is JsonArray { Count: > 0 } names
                ? names[0]?.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null; // said with its place where the model is opened
        }
    }
}
