using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Benchmarks;

/// <summary>Options of the form <c>--name value</c>, and flags.</summary>
internal sealed class BenchmarkInputs
{
    private static readonly string[] Flags = ["--distributed", "--tf32"];

    private readonly Dictionary<string, string> _values = [];

    public static BenchmarkInputs Parse(string[] arguments)
    {
        var inputs = new BenchmarkInputs();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (Flags.Contains(arguments[i]))
            {
                inputs._values[arguments[i--][2..]] = "";
                continue;
            }
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
                throw new BadInputException($"'{arguments[i]}': expected --name value.");
            inputs._values[arguments[i][2..]] = arguments[i + 1];
        }
        return inputs;
    }

    /// <summary>A folder in Hugging Face layout.</summary>
    public string Model => Existing("model", "a folder in Hugging Face layout");

    public string? ModelOrNone => _values.ContainsKey("model") ? Model : null;

    public IReadOnlyList<(string Label, string Text)> Sentences => Lines("sentences");

    /// <summary>Lines of a label, a blank, and a text.</summary>
    public IReadOnlyList<(string Label, string Text)> Lines(string name) =>
        [
            .. File.ReadLines(Existing(name, "a file with a label, a blank and a text on each line"))
                .Select(line => line.Split(' ', 2))
                .Where(parts => parts.Length == 2)
                .Select(parts => (parts[0], parts[1])),
        ];

    public bool Has(string name) => _values.ContainsKey(name);

    public string Text(string name) =>
        _values.TryGetValue(name, out var text) ? text : throw new BadInputException($"--{name} is missing.");

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    /// <summary>Threads, device and precision of libtorch.</summary>
    public ComputeOptions Compute =>
        new(Number("threads", Environment.ProcessorCount))
        {
            Placement = new(Text("device", "cpu"), Text("precision", "fp32")),
        };

    public int Number(string name, int otherwise) =>
        !_values.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, out var number) && number > 0 ? number
        : throw new BadInputException($"--{name} {text}: expected a number above 0.");

    private string Existing(string name, string expected)
    {
        if (!_values.TryGetValue(name, out var path))
            throw new BadInputException($"--{name} is missing; expected {expected}.");
        return Path.Exists(path)
            ? path
            : throw new BadInputException($"--{name} {path}: not found; expected {expected}.");
    }
}
