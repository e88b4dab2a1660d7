using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_a_student_is_made_of_its_teachers_blocks
{
    [Fact]
    public void They_lie_at_equal_distances_from_the_first_to_the_last()
    {
        Assert.Equal([0, 2, 4, 7, 9, 11], StudentFolder.KeptBlocks(12, 6));
        Assert.Equal([0, 2, 5], StudentFolder.KeptBlocks(6, 3));
        Assert.Equal([0], StudentFolder.KeptBlocks(6, 1));
    }

    [Theory]
    [InlineData("bert-masked-lm")]
    [InlineData("roberta-masked-lm")]
    [InlineData("distilbert-masked-lm")]
    public void With_all_of_them_it_guesses_what_its_teacher_guesses(string kind)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var folder = GoldenFolders.Of(kind)[0];
        using var made = new TemporaryFolder();
        StudentFolder.Write(folder, 3, made.Path);

        using var teacher = MaskedLanguageModel.Open(folder, ModelSettings.Evaluation);
        using var student = MaskedLanguageModel.Open(made.Path, ModelSettings.Evaluation);
        teacher.eval();
        student.eval();
        Assert.Empty(student.NewWeights);
        var batch = TokenBatch.Of([new([5, 6, 7, 8, 9], 5), new([10, 11, 12], 3)], teacher.Encoder.Head.PadId!.Value);
        Assert.InRange(Golden.Distance(teacher.call(batch), student.call(batch), batch.Present), 0, 1e-5);
    }

    [Theory]
    [InlineData("bert-sequence-classification")]
    [InlineData("gpt2-causal-lm")]
    public void With_some_of_them_it_opens_and_has_so_many(string kind)
    {
        using var scope = NewDisposeScope();
        using var made = new TemporaryFolder();
        StudentFolder.Write(GoldenFolders.Of(kind)[0], null, made.Path);

        using var student = Encoders.Open(made.Path, ModelSettings.Evaluation);
        using var batch = TokenBatch.Of([new([5, 6, 7], 3)], 0);
        Assert.Equal(1 + 2, student.HiddenStates(batch).Count);
    }

    [Fact]
    public void More_blocks_than_the_teacher_has_are_refused()
    {
        using var made = new TemporaryFolder();
        var problem = Assert.Throws<BadInputException>(() =>
            StudentFolder.Write(GoldenFolders.Of("bert-masked-lm")[0], 4, made.Path)
        );
        Assert.Contains("has 3 blocks; expected a student of 1 to 3, not 4", problem.Message);
        Assert.Empty(Directory.EnumerateFiles(made.Path));
    }
}
