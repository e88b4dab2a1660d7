using System.Text.Json;
using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.TestKit;

namespace TransferPipeline.Augmentation.Tests.Labelling;

/// <summary>The votes of ten functions on comments of YouTube, and labels by hand to hold the label models against.</summary>
public sealed class When_comments_of_youtube_are_voted_on
{
    /// <summary>The majority's accuracy on texts with a vote, counted from the votes (of equals the first function's vote).</summary>
    [Theory]
    [InlineData("train", 0.919)]
    [InlineData("test", 0.866)]
    public void The_majority_is_within_a_point_of_what_its_votes_count_to(string split, double counted)
    {
        Assert.InRange(Accuracy(new MajorityVote(), split) - counted, -0.01, 0.01);
    }

    [Theory]
    [InlineData("weighted", 0.80)]
    [InlineData("dawid-skene", 0.80)]
    [InlineData("triplet", 0.80)]
    [InlineData("matrix-completion", 0.80)]
    public void A_label_model_is_far_above_chance(string name, double least)
    {
        ILabelModel[] models = [new WeightedVote(), new DawidSkene(), new TripletMethod(), new MatrixCompletion()];
        var accuracy = Accuracy(models.Single(model => model.Name == name), "train");
        TestContext.Current.SendDiagnosticMessage($"{name}: {accuracy}");
        Assert.True(accuracy >= least, $"{name}: {accuracy}");
    }

    private static double Accuracy(ILabelModel model, string split)
    {
        var path = Path.Combine(SharedFiles.Require("data", "youtube_wrench"), split + ".json");
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var rows = json.RootElement.EnumerateObject().Select(row => row.Value).ToList();
        var votes = VoteColumns.Read(path, split, [], [], ["0", "1"]);
        var table = new VoteTable(votes.Names, ["0", "1"], rows.Count);
        for (var row = 0; row < rows.Count; row++)
        for (var function = 0; function < 10; function++)
            table[row, function] = votes.Vote($"train-{row}", function);
        var patterns = new VotePatterns(table);
        var learned = model.Fit(patterns, new(null, new double?[10]));

        var (covered, right) = (0, 0.0);
        for (var row = 0; row < rows.Count; row++)
        {
            if (!patterns.IsCovered(patterns.OfRow[row]))
                continue;
            covered++;
            var best = learned.Best(patterns.OfRow[row], table.Row(row));
            right += best == rows[row].GetProperty("label").GetInt32() ? 1 : 0;
        }
        return right / covered;
    }
}
