using BenchmarkDotNet.Attributes;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Benchmarks.Tokenization;

/// <summary>How long does it take to make tokens of texts, on one thread?</summary>
public class TokenRate
{
    private static BenchmarkInputs? _inputs;
    private ITokenizer _tokenizer = null!;
    private string[] _texts = [];

    internal static void Run(BenchmarkInputs inputs)
    {
        _inputs = inputs;
        // What is missing is told here: BenchmarkDotNet would bury it in a trace.
        _ = (inputs.Model, inputs.Sentences);
        InThisProcess.Run<TokenRate>(inputs);
    }

    [GlobalSetup]
    public void Open()
    {
        _tokenizer = Tokenizers.Open(_inputs!.Model);
        _texts = [.. _inputs.Sentences.Select(sentence => sentence.Text)];
        Console.WriteLine($"// {_texts.Length} texts, {Encode()} tokens");
    }

    [Benchmark(Description = "all texts")]
    public long Encode() => _texts.Sum(text => (long)_tokenizer.Encode(text, null, maxTokens: 128).Length);
}
