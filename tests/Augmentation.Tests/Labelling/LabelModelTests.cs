using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Datasets;

namespace TransferPipeline.Augmentation.Tests.Labelling;

public sealed class When_a_label_model_reads_votes
{
    private static readonly ILabelModel[] All =
    [
        new MajorityVote(),
        new WeightedVote(),
        new DawidSkene(),
        new TripletMethod(),
        new MatrixCompletion(),
    ];

    public static TheoryData<string> Names => [.. All.Select(model => model.Name)];

    public static MatrixTheoryData<string, bool, double> Learning =>
        new(["dawid-skene", "triplet", "matrix-completion"], [true, false], [0.5, 0.3]);

    [Theory]
    [MemberData(nameof(Learning))]
    public void Planted_accuracies_are_found_again_with_and_without_the_balance(string name, bool given, double share)
    {
        double[] balance = [share, 1 - share];
        var planted = new PlantedVotes(10_000, balance, PlantedVotes.Ten);

        var learned = Fit(name, planted.Table, given ? balance : null);

        for (var function = 0; function < 10; function++)
            Assert.InRange(learned.Accuracies[function]!.Value - planted.Accuracies[function], -0.02, 0.02);
        Assert.InRange(learned.Balance[0] - share, -0.02, 0.02);
    }

    [Theory]
    [InlineData("dawid-skene")]
    [InlineData("triplet")]
    [InlineData("matrix-completion")]
    public void Four_labels_are_found_as_well_as_two(string name)
    {
        double[] balance = [0.1, 0.2, 0.3, 0.4];
        var planted = new PlantedVotes(10_000, balance, PlantedVotes.Ten);

        var learned = Fit(name, planted.Table, balance);

        for (var function = 0; function < 10; function++)
            Assert.InRange(learned.Accuracies[function]!.Value - planted.Accuracies[function], -0.02, 0.02);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_order_of_the_functions_changes_no_label(string name)
    {
        var planted = new PlantedVotes(2000, [0.4, 0.6], PlantedVotes.Ten, coverage: 0.3);
        int[] order = [3, 9, 0, 7, 1, 8, 2, 5, 6, 4];
        var turned = new VoteTable(
            [.. order.Select(from => planted.Table.Functions[from])],
            planted.Table.Labels,
            2000
        );
        for (var row = 0; row < 2000; row++)
        for (var function = 0; function < 10; function++)
            turned[row, function] = planted.Table[row, order[function]];

        var (straight, other) = (Fit(name, planted.Table), Fit(name, turned));

        Assert.All(
            straight.Probabilities.Zip(other.Probabilities),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6)
        );
        for (var function = 0; function < 10; function++)
            if (straight.Accuracies[order[function]] is { } accuracy)
                Assert.Equal(accuracy, other.Accuracies[function]!.Value, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_of_equal_votes_get_equal_probabilities_that_sum_to_one(string name)
    {
        var planted = new PlantedVotes(3000, [0.5, 0.3, 0.2], PlantedVotes.Ten, coverage: 0.4);

        var learned = Fit(name, planted.Table);

        var patterns = new VotePatterns(planted.Table);
        Assert.Equal(patterns.Count * 3, learned.Probabilities.Length);
        for (var pattern = 0; pattern < patterns.Count; pattern++)
        {
            Assert.Equal(1, learned.Of(pattern).ToArray().Sum(), 1e-9);
            Assert.All(learned.Of(pattern).ToArray(), share => Assert.InRange(share, 0, 1));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_votes_give_the_same_bits(string name)
    {
        var planted = new PlantedVotes(2000, [0.4, 0.6], PlantedVotes.Ten);

        Assert.Equal(Fit(name, planted.Table).Probabilities, Fit(name, planted.Table).Probabilities);
    }

    [Theory]
    [InlineData(2, 10)]
    [InlineData(4, 7)]
    [InlineData(40, 3)]
    [InlineData(3, 1)]
    public void What_groups_of_functions_add_up_is_what_the_functions_do(int labels, int functions)
    {
        // More patterns than one block of them, where there can be as many.
        double[] balance = [.. Enumerable.Repeat(1.0 / labels, labels)];
        var planted = new PlantedVotes(9000, balance, PlantedVotes.Ten[..functions], coverage: 0.6);
        var patterns = new VotePatterns(planted.Table);
        var random = new SeededRandom(5, "rates");
        var rates = new VoteRates(functions, labels);
        for (var function = 0; function < functions; function++)
        for (var label = 0; label < labels; label++)
        for (var vote = -1; vote < labels; vote++)
            rates[function, label, vote] = 0.05 + random.NextDouble();

        var expectation = new Expectation(patterns, new double[patterns.Count * labels]);
        expectation.Update(rates, balance);
        var (expected, totals) = expectation.Expected();

        var counts = new VoteRates(functions, labels);
        var sums = new double[labels];
        for (var pattern = 0; pattern < patterns.Count; pattern++)
        {
            var votes = patterns[pattern];
            var joint = new double[labels];
            for (var label = 0; label < labels; label++)
            {
                joint[label] = balance[label];
                for (var function = 0; function < functions; function++)
                    joint[label] *= rates[function, label, votes[function]];
            }
            for (var label = 0; label < labels; label++)
            {
                var share = joint[label] / joint.Sum();
                Assert.Equal(share, expectation.Probabilities[pattern * labels + label], 1e-9);
                sums[label] += patterns.Weight(pattern) * share;
                for (var function = 0; function < functions; function++)
                    counts[function, label, votes[function]] += patterns.Weight(pattern) * share;
            }
        }
        for (var label = 0; label < labels; label++)
        {
            Assert.Equal(sums[label], totals[label], 1e-6);
            for (var function = 0; function < functions; function++)
            for (var vote = -1; vote < labels; vote++)
                Assert.Equal(counts[function, label, vote], expected[function, label, vote], 1e-6);
        }
    }

    [Fact]
    public void The_majority_is_the_one_counted_by_hand()
    {
        var planted = new PlantedVotes(500, [0.2, 0.3, 0.5], PlantedVotes.Ten, coverage: 0.5);

        var learned = Fit("majority", planted.Table);

        var patterns = new VotePatterns(planted.Table);
        for (var row = 0; row < 500; row++)
        {
            var votes = planted.Table.Row(row).ToArray().Where(vote => vote >= 0).ToArray();
            if (votes.Length > 0)
                for (var label = 0; label < 3; label++)
                    Assert.Equal(
                        (double)votes.Count(vote => vote == label) / votes.Length,
                        learned.Of(patterns.OfRow[row])[label],
                        1e-12
                    );
        }
    }

    [Fact]
    public void A_weight_of_the_file_counts_before_the_one_that_is_measured()
    {
        var table = new VoteTable(["one", "two", "three"], ["no", "yes"], 1);
        (table[0, 0], table[0, 1], table[0, 2]) = (1, 0, 0);

        var learned = new WeightedVote().Fit(new VotePatterns(table), new(null, [6.0, 1.0, 1.0]));

        Assert.Equal(0.75, learned.Of(0)[1], 1e-12);
    }

    [Theory]
    [InlineData("dawid-skene")]
    [InlineData("triplet")]
    [InlineData("matrix-completion")]
    public void Functions_that_vote_for_one_label_only_are_told_apart(string name)
    {
        // Six functions of one polarity each: where both vote they never disagree, so only their silence tells.
        var random = new SeededRandom(13, "one polarity");
        double[] fires = [0.8, 0.7, 0.6, 0.8, 0.7, 0.5];
        double[] falsely = [0.05, 0.1, 0.4, 0.05, 0.1, 0.4];
        var table = new VoteTable(["a", "b", "c", "d", "e", "f"], ["no", "yes"], 10_000);
        var (votes, right) = (new double[6], new double[6]);
        for (var row = 0; row < 10_000; row++)
        {
            var truth = random.Next(2);
            for (var function = 0; function < 6; function++)
            {
                var label = function < 3 ? 1 : 0;
                if (random.NextDouble() >= (truth == label ? fires : falsely)[function])
                    continue;
                table[row, function] = (sbyte)label;
                votes[function]++;
                right[function] += truth == label ? 1 : 0;
            }
        }

        var learned = Fit(name, table, [0.5, 0.5]);

        for (var function = 0; function < 6; function++)
            Assert.InRange(learned.Accuracies[function]!.Value - right[function] / votes[function], -0.02, 0.02);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_without_a_vote_is_never_covered(string name)
    {
        var table = new VoteTable(["one", "two", "three"], ["no", "yes"], 4);
        (table[0, 0], table[0, 1]) = (1, 1);
        table[1, 2] = 0;
        var patterns = new VotePatterns(table);

        var learned = Fit(name, table);

        Assert.Equal(3, patterns.Count);
        Assert.Equal(2, patterns.Weight(patterns.OfRow[3]));
        Assert.False(patterns.IsCovered(patterns.OfRow[2]));
        Assert.Equal(1, learned.Of(patterns.OfRow[2]).ToArray().Sum(), 1e-9);
    }

    private static LearnedLabels Fit(string name, VoteTable table, double[]? balance = null) =>
        All.Single(model => model.Name == name)
            .Fit(new VotePatterns(table), new(balance, new double?[table.Functions.Count]));
}
