using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>Says of a text which label it has, or abstains.</summary>
internal interface ILabellingFunction
{
    string Name { get; }

    /// <summary>What its file says its votes weigh; null where it says nothing.</summary>
    double? Weight { get; }

    /// <summary>A label's number, or <see cref="VoteTable.Abstains"/>, for each row.</summary>
    /// <exception cref="BadInputException">It cannot vote on a row.</exception>
    IReadOnlyList<sbyte> Vote(IReadOnlyList<Example> rows, CancellationToken stop);
}

/// <summary>Votes for one label where a text fits.</summary>
/// <param name="fits">Told the text, the second one of a pair on a line of its own, and the row's id.</param>
internal sealed class TextRule(string name, double? weight, sbyte label, Func<string, string, bool> fits)
    : ILabellingFunction
{
    public string Name { get; } = name;

    public double? Weight { get; } = weight;

    public IReadOnlyList<sbyte> Vote(IReadOnlyList<Example> rows, CancellationToken stop)
    {
        var votes = new sbyte[rows.Count];
        for (var row = 0; row < votes.Length; row++)
        {
            stop.ThrowIfCancellationRequested();
            votes[row] = fits(TextOf(rows[row]), rows[row].Id) ? label : VoteTable.Abstains;
        }
        return votes;
    }

    private static string TextOf(Example row) => row.TextB is null ? row.Text : row.Text + "\n" + row.TextB;
}
