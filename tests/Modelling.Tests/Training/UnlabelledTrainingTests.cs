using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_pairs_are_made_of_texts
{
    private static readonly int[] Labels = [0, 0, 0, 1, 1, 1, 1];

    // 3 + 6 pairs of one label, 12 of two.
    [Theory]
    [InlineData("unique", null, 9, 12)]
    [InlineData("oversampling", null, 12, 12)]
    [InlineData("undersampling", null, 9, 9)]
    [InlineData("oversampling", 3, 21, 21)]
    public void The_setting_says_how_many_of_each_kind_there_are(string setting, int? iterations, int same, int other)
    {
        var pairs = TextPairs.Of(Labels, setting, iterations, 13);

        Assert.Equal((same, other), (pairs.Count(pair => pair.Same), pairs.Count(pair => !pair.Same)));
        Assert.All(pairs, pair => Assert.Equal(Labels[pair.First] == Labels[pair.Second], pair.Same));
        Assert.All(pairs, pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public void Each_pair_stands_there_once_before_any_stands_there_twice()
    {
        var same = TextPairs.Of(Labels, "oversampling", null, 13).Where(pair => pair.Same).ToList();

        Assert.Equal(9, same.Take(9).Distinct().Count());
        Assert.Equal(same.Take(3), same.Skip(9));
        Assert.NotEqual(same, TextPairs.Of(Labels, "oversampling", null, 21).Where(pair => pair.Same));
    }

    [Fact]
    public void Their_loss_is_the_squared_distance_of_the_cosine()
    {
        using var scope = NewDisposeScope();
        var first = tensor([3f, 4f, 1f, 0f], [2, 2]);
        var second = tensor([4f, 3f, 0f, 2f], [2, 2]);
        // Cosines 24/25 and 0; targets 0 and 1.
        var loss = PairTask.Loss(first, second, tensor([0f, 1f])).item<float>();

        Assert.Equal((0.96 * 0.96 + 1) / 2, loss, 1e-6);
    }
}

public sealed class When_passes_with_dropout_vote
{
    private static readonly float[][][] Passes =
    [
        [
            [0.9f, 0.1f],
            [0.9f, 0.1f],
        ],
        [
            [0.1f, 0.9f],
            [0.8f, 0.2f],
        ],
        [
            [0.6f, 0.4f],
            [0.7f, 0.3f],
        ],
    ];

    [Fact]
    public void Mean_variance_and_what_the_weights_would_tell_are_those_of_the_passes()
    {
        var votes = new DropoutVotes(2, 2);
        foreach (var pass in Passes)
            votes.Add(pass);

        for (var text = 0; text < 2; text++)
        {
            double[] p = [.. Passes.Select(pass => (double)pass[text][0])];
            var mean = p.Average();
            Assert.Equal(mean, votes.Mean(text, 0), 1e-6);
            Assert.Equal(p.Average(value => (value - mean) * (value - mean)), votes.Variance(text, 0), 1e-6);
            Assert.Equal(Entropy(mean) - p.Average(Entropy), votes.Bald(text), 1e-6);
            Assert.Equal(0, votes.Label(text));
        }
        Assert.True(votes.Bald(0) > 5 * votes.Bald(1));
    }

    [Fact]
    public void A_heavier_row_is_drawn_sooner_and_none_twice()
    {
        var first = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var drawn = WeightedDraw.Rows([1, 3, 0], 1, new CounterRandom(seed, "draw"));
            Assert.NotEqual([2], drawn);
            first += drawn[0] == 1 ? 1 : 0;
        }
        Assert.InRange(first / 2000.0, 0.72, 0.78); // 3 of 4

        Assert.Equal([0, 1, 2], WeightedDraw.Rows([1, 3, 0], 5, new CounterRandom(1, "draw")));
    }

    private static double Entropy(double p) => -p * Math.Log(p) - (1 - p) * Math.Log(1 - p);
}

public sealed class When_a_text_should_keep_what_is_said_of_it
{
    private static readonly ConsistencyOptions Plain = new(
        1,
        1,
        Threshold: 0.7,
        Temperature: 1,
        new("swap", 0),
        new("delete", 0.3)
    );

    [Fact]
    public void Only_what_is_sure_is_a_target()
    {
        using var scope = NewDisposeScope();
        var targets = Targets(Plain);

        Assert.Equal([0.8, 0.2, 0, 0], targets, Near);
    }

    [Fact]
    public void Sharpening_raises_to_the_inverse_temperature()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0.64 / 0.68, 0.04 / 0.68, 0, 0], Targets(Plain with { Temperature = 0.5 }), Near);
        Assert.Equal([1, 0, 0, 0], Targets(Plain with { Temperature = 0 }), Near);
    }

    [Fact]
    public void Alignment_brings_the_mean_nearer_to_the_labels_shares()
    {
        using var scope = NewDisposeScope();
        // Mean (0.7, 0.3); shares (0.3, 0.7): (0.8 · 3/7, 0.2 · 7/3), and (0.6 · 3/7, 0.4 · 7/3).
        var (first, second) = (0.8 * 3 / 7 / (0.8 * 3 / 7 + 0.2 * 7 / 3), 0.6 * 3 / 7 / (0.6 * 3 / 7 + 0.4 * 7 / 3));
        Assert.Equal([0, 0, second, 1 - second], Targets(Plain with { Shares = [0.3f, 0.7f] }), Near);
        Assert.InRange(first, 0.4, 0.6);
    }

    [Fact]
    public void The_loss_is_a_mean_over_all_texts()
    {
        using var scope = NewDisposeScope();
        var targets = tensor([0.8f, 0.2f, 0f, 0f], [2, 2]);
        var loss = ConsistencyTask.Loss(tensor([1f, 0f, 5f, 5f], [2, 2]), targets).item<float>();

        var log = Math.Log(Math.E + 1);
        Assert.Equal((0.8 * (log - 1) + 0.2 * log) / 2, loss, 1e-6);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("swap")]
    [InlineData("cut-off")]
    public void An_edit_keeps_a_word_and_the_order_of_the_seed(string kind)
    {
        var text = new ModelText("one two three four five six seven eight nine ten", "eleven twelve");
        var edits = new WordEdits(kind, 0.3);
        var edited = edits.Apply(text, new CounterRandom(13, "edit"));

        Assert.Equal(edited, edits.Apply(text, new CounterRandom(13, "edit")));
        Assert.NotEqual(text.First, edited.First);
        Assert.Subset(text.First.Split(' ').ToHashSet(), edited.First.Split(' ').ToHashSet());
        Assert.Equal(kind == "swap" ? 10 : 7, edited.First.Split(' ').Length, kind == "delete" ? 3 : 0.1);
        Assert.Equal(text, new WordEdits(kind, 0).Apply(text, new CounterRandom(13, "edit")));
        Assert.Equal("word", new WordEdits(kind, 1).Apply(new("word"), new CounterRandom(13, "edit")).First);
        Assert.NotEqual("", new WordEdits(kind, 1).Apply(text, new CounterRandom(13, "edit")).First);
    }

    private static bool Near(double expected, double found) => Math.Abs(expected - found) < 1e-6;

    /// <summary>Of probabilities (0.8, 0.2) and (0.6, 0.4).</summary>
    private static double[] Targets(ConsistencyOptions options)
    {
        var logits = tensor([0.8f, 0.2f, 0.6f, 0.4f], [2, 2]).log();
        return [.. ConsistencyTask.Targets(logits, options).data<float>().Select(value => (double)value)];
    }
}

public sealed class When_labels_are_doubted
{
    [Fact]
    public void A_row_counts_for_the_likeliest_label_that_reaches_its_own_rows_mean()
    {
        int[] labels = [0, 0, 0, 1, 1];
        float[][] probabilities =
        [
            [0.9f, 0.1f],
            [0.7f, 0.3f],
            [0.2f, 0.8f],
            [0.3f, 0.7f],
            [0.5f, 0.5f],
        ];
        // Thresholds: 0.6 of label 0, 0.6 of label 1. Row 2 speaks for 1; row 4 for neither, so it keeps its own.
        var likely = ConfidentLearning.Likely(labels, probabilities);

        Assert.Equal([0, 0, 1, 1, 1], likely);
        Assert.Equal(
            new[,]
            {
                { 2, 1 },
                { 0, 2 },
            },
            ConfidentLearning.Joint(labels, likely, 2)
        );
    }
}
