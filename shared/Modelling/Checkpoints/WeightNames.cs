namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>A table of two columns: a layer's name here, and in a checkpoint; <c>*</c> stands for a block's number.</summary>
internal sealed class WeightNames(params (string Here, string There)[] rows)
{
    private readonly Dictionary<string, string> _there = rows.ToDictionary(row => row.Here, row => row.There);

    /// <summary>This table and the rows of another.</summary>
    public WeightNames And(params (string Here, string There)[] more) => new([.. rows, .. more]);

    /// <summary>This table with both columns' starts put before the names.</summary>
    public WeightNames Below(string here, string there) =>
        new([.. rows.Select(row => (here + row.Here, there + row.There))]);

    /// <summary>The checkpoint's name of a parameter.</summary>
    public string InCheckpoint(string parameter)
    {
        var parts = parameter.Split('.');
        var number = Array.FindIndex(parts, part => part.All(char.IsAsciiDigit));
        var layer = string.Join('.', parts[..^1].Select((part, i) => i == number ? "*" : part));
        if (!_there.TryGetValue(layer, out var there))
            throw new InvalidOperationException($"No row of the table of names fits {parameter}.");
        return (number < 0 ? there : there.Replace("*", parts[number])) + "." + parts[^1];
    }
}
