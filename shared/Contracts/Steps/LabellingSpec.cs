using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>label</c>.</summary>
public sealed record LabellingSpec : IInputNeeds
{
    [Description("How the votes of all functions become one label.")]
    [AllowedValues("majority", "weighted", "dawid-skene", "triplet", "matrix-completion")]
    public string LabelModel { get; init; } = "majority";

    [Description("Columns of voteFile that vote; left out, all that hold votes, unless the functions name some.")]
    public IReadOnlyList<string> Votes { get; init; } = [];

    [Description("The share of each label in all texts (HAM=0.5, SPAM=0.5); left out, it is estimated.")]
    public IReadOnlyDictionary<string, string>? ClassBalance { get; init; }

    [Description(
        "What training gets of a text: soft is a row for each label, weighted by its probability; hard is one row of weight 1 with the most probable label, of equals the one that the first function voted for."
    )]
    [AllowedValues("soft", "hard")]
    public string Labels { get; init; } = "soft";

    [Description("Texts whose most probable label is less probable stay without a label.")]
    [Range(0.0, 1.0)]
    public double MinProbability { get; init; }

    [Description("Tokens after which a text is cut before an encoder embeds it.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

    public IEnumerable<string> Lacking(Func<string, bool> given)
    {
        if (!given("functions") && !given("voteFile"))
            yield return "nothing votes; expected 'functions', a 'voteFile', or both";
        else if (Votes.Count > 0 && !given("voteFile"))
            yield return "'votes' names columns of a vote file, and there is none; expected 'voteFile'";
    }
}
