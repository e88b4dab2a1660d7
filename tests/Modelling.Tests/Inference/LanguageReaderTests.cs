using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_a_language_model_reads_texts
{
    private static readonly ModelText[] Texts =
    [
        new("the film is a quiet joy ."),
        new("no"),
        new("a long and tiresome story about a man and his dog , told twice"),
        new("what is it ?", "it is a dog ."),
    ];

    public static TheoryData<string> Models => Golden.Folders("bert-masked-lm", "roberta-masked-lm", "gpt2-causal-lm");

    [Theory]
    [MemberData(nameof(Models))]
    public void Each_text_is_foretold_as_it_is_alone(string folder)
    {
        using var reader = LanguageReader.Open(folder, new ComputeOptions(1));

        var together = reader.Read(Texts);

        for (var row = 0; row < Texts.Length; row++)
        {
            var alone = Assert.Single(reader.Read([Texts[row]]));
            Assert.Equal((alone.Tokens, alone.Right), (together[row].Tokens, together[row].Right));
            Assert.Equal(alone.Loss, together[row].Loss, 1e-3);
            Assert.InRange(alone.Right, 0, alone.Tokens);
        }
        Assert.True(together.Sum(text => text.Tokens) > 0);
    }

    [Fact]
    public void A_causal_one_foretells_every_token_but_the_first()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var folder = GoldenFolders.Of("gpt2-causal-lm")[0];
        using var model = CausalLanguageModel.Open(folder, ModelSettings.Evaluation);
        var sequence = Tokenizers.Open(folder).Encode(Texts[0].First, null, 48);
        var batch = TokenBatch.Of([sequence], 0);
        var mean = model.Loss(model.call(batch), batch.Ids).item<float>();

        using var reader = LanguageReader.Open(folder);
        var foretold = reader.Read([Texts[0]]).Single();

        Assert.Equal(sequence.Length - 1, foretold.Tokens);
        Assert.Equal(mean * foretold.Tokens, foretold.Loss, 1e-3);
    }

    [Fact]
    public void A_classifier_is_refused() =>
        Assert.Contains(
            "expected one that ends in ForMaskedLM",
            Assert
                .Throws<BadInputException>(() =>
                    LanguageReader.Open(GoldenFolders.Of("bert-sequence-classification")[0])
                )
                .Message
        );
}
