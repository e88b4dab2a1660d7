using System.Text.RegularExpressions;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Standalone.Hub;

/// <summary>Which of a hub's files make a model that can be imported.</summary>
internal static partial class HubChoice
{
    private const string Configuration = "config.json";

    /// <summary>The forms of weights, the one that is preferred first.</summary>
    private static readonly (string Whole, Func<Regex> Shard)[] Forms =
    [
        ("model.safetensors", SafetensorsShard),
        ("pytorch_model.bin", PickledShard),
    ];

    /// <summary>Configuration, tokenizer, and weights in one form; all else stays on the hub.</summary>
    /// <exception cref="BadInputException">A part is missing, or a file's size or hash; all problems at once.</exception>
    public static IReadOnlyList<HubFile> Of(HubName model, HubListing listing)
    {
        var weights = Weights(listing);
        HubFile[] chosen =
        [
            .. listing.Files.Where(file => file.Name == Configuration || Tokenizers.FileNames.Contains(file.Name)),
            .. weights,
        ];
        var problems = new List<string>();
        if (listing.Files.All(file => file.Name != Configuration))
            problems.Add($"{model.Name}: has no {Configuration}; expected a model in Hugging Face layout");
        if (weights.Count == 0)
            problems.Add(
                $"{model.Name}: has no weights; expected {string.Join(" or ", Forms.Select(form => form.Whole))}"
            );
        problems.AddRange(
            chosen
                .Where(file => file.Size < 0 || (file.Sha256 ?? file.Blob) is null)
                .Select(file => $"{model.Name}: {file.Name} is listed without size or hash, and could not be checked")
        );
        return problems.Count == 0 ? chosen : throw new BadInputException(problems);
    }

    /// <summary>Whether a file holds weights, or tells where they are.</summary>
    public static bool IsWeights(HubFile file) =>
        Forms.Any(form =>
            file.Name.StartsWith(form.Whole, StringComparison.Ordinal) || form.Shard().IsMatch(file.Name)
        );

    private static IReadOnlyList<HubFile> Weights(HubListing listing)
    {
        foreach (var (whole, shard) in Forms)
        {
            if (listing.Files.FirstOrDefault(file => file.Name == whole) is { } one)
                return [one];
            var index = $"{whole}.index.json";
            if (listing.Files.Any(file => file.Name == index))
                return [.. listing.Files.Where(file => file.Name == index || shard().IsMatch(file.Name))];
        }
        return [];
    }

    [GeneratedRegex(@"\Amodel-\d{5}-of-\d{5}\.safetensors\z")]
    private static partial Regex SafetensorsShard();

    [GeneratedRegex(@"\Apytorch_model-\d{5}-of-\d{5}\.bin\z")]
    private static partial Regex PickledShard();
}
