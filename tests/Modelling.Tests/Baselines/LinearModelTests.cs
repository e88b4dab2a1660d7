using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Baselines;

namespace TransferPipeline.Modelling.Tests.Baselines;

public sealed class When_a_linear_model_is_fitted
{
    public static TheoryData<string, int> Models =>
        new()
        {
            { "svm", 2 },
            { "svm", 4 },
            { "logistic", 2 },
            { "logistic", 4 },
        };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_order_of_the_rows_does_not_matter(string algorithm, int classes)
    {
        var (rows, labels) = ToyRows.Draw(60, 7, classes, seed: 1);
        var order = ToyRows.Order(60, seed: 2);

        var plain = Fit(algorithm, new(ToyRows.Dense(rows), labels, classes));
        var permuted = Fit(
            algorithm,
            new(ToyRows.Dense(ToyRows.Permuted(rows, order)), ToyRows.Permuted(labels, order), classes)
        );

        AssertClose(plain, permuted);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Sparse_and_dense_rows_give_the_same_model(string algorithm, int classes)
    {
        var (rows, labels) = ToyRows.Draw(60, 19, classes, seed: 3);

        AssertClose(
            Fit(algorithm, new(ToyRows.Dense(rows), labels, classes)),
            Fit(algorithm, new(ToyRows.Sparse(rows), labels, classes))
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_of_weight_two_counts_as_two_rows(string algorithm, int classes)
    {
        var (rows, labels) = ToyRows.Draw(40, 5, classes, seed: 4);
        float[] weights =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(row =>
                    row < 10 ? 2f
                    : row < 15 ? 0f
                    : 1f
                ),
        ];

        AssertClose(
            Fit(algorithm, new(ToyRows.Dense(rows), labels, classes, weights)),
            Fit(
                algorithm,
                new(
                    ToyRows.Dense([.. rows[..10], .. rows[..10], .. rows[15..]]),
                    [.. labels[..10], .. labels[..10], .. labels[15..]],
                    classes
                )
            )
        );
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_label_without_rows_is_never_predicted(string algorithm, int classes)
    {
        var (rows, labels) = ToyRows.Draw(40, 5, classes, seed: 5);
        int[] shifted = [.. labels.Select(label => label + 1)];

        var plain = Fit(algorithm, new(ToyRows.Dense(rows), labels, classes));
        var model = Fit(algorithm, new(ToyRows.Dense(rows), shifted, classes + 2));

        Assert.All(
            ToyRows.Predict(plain, ToyRows.Dense(rows)).Zip(ToyRows.Predict(model, ToyRows.Dense(rows))),
            pair => Assert.Equal([0f, .. pair.First, 0f], pair.Second)
        );
    }

    [Theory]
    [InlineData("svm")]
    [InlineData("logistic")]
    public void One_label_alone_is_refused(string algorithm)
    {
        var (rows, _) = ToyRows.Draw(5, 3, 2, seed: 6);

        var failure = Assert.Throws<BadInputException>(() =>
            Fit(algorithm, new(ToyRows.Dense(rows), new int[5], classes: 2))
        );

        Assert.Contains("expected training rows of at least two labels", failure.Message);
    }

    private static LinearModel Fit(string algorithm, LabelledRows data)
    {
        var model = algorithm == "svm" ? LinearSvm.Fit(data) : LogisticRegression.Fit(data);
        Assert.True(model.Converged);
        return model;
    }

    private static void AssertClose(LinearModel expected, LinearModel actual)
    {
        for (var label = 0; label < expected.Bias.Length; label++)
        {
            Assert.Equal(expected.Bias[label], actual.Bias[label], tolerance: 1e-5);
            for (var column = 0; column < expected.Width; column++)
                Assert.Equal(expected.Weights[label][column], actual.Weights[label][column], tolerance: 1e-5);
        }
    }
}

public sealed class When_a_support_vector_machine_is_fitted
{
    [Fact]
    public void Two_points_give_the_solution_found_by_hand()
    {
        // ½(w² + b²) + (1 − w − b)² + (1 + b)² with x = 1 → +1 and x = 0 → −1, both margins violated:
        // 3w + 2b = 2 and 2w + 5b = 0, so w = 10/11 and b = −4/11.
        var model = LinearSvm.Fit(
            new(
                ToyRows.Dense([
                    [1],
                    [0],
                ]),
                [1, 0],
                classes: 2
            )
        );

        Assert.Equal(10 / 11.0, model.Weights[1][0] - model.Weights[0][0], tolerance: 1e-6);
        Assert.Equal(-4 / 11.0, model.Bias[1] - model.Bias[0], tolerance: 1e-6);
    }

    [Fact]
    public void The_likeliest_label_is_the_one_of_the_largest_margin()
    {
        var (rows, labels) = ToyRows.Draw(90, 6, 3, seed: 7);
        var data = ToyRows.Dense(rows);
        var model = LinearSvm.Fit(new(data, labels, classes: 3));

        for (var row = 0; row < data.Count; row++)
        {
            var margins = model
                .Weights.Select((weights, label) => data.Dot(row, weights) + model.Bias[label])
                .ToArray();
            Assert.Equal(Array.IndexOf(margins, margins.Max()), ToyRows.Winner(model.Probabilities(data, row)));
        }
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(-1e-12)]
    [InlineData(60)]
    public void Rounding_a_probability_never_changes_the_decision(double margin)
    {
        var model = new LinearModel(
            [
                [-margin / 2],
                [margin / 2],
            ],
            [0, 0],
            Converged: true
        );

        var probabilities = model.Probabilities(
            ToyRows.Dense([
                [1],
            ]),
            0
        );

        Assert.Equal(margin > 0 ? 1 : 0, ToyRows.Winner(probabilities));
        Assert.Equal(1, probabilities.Sum(), tolerance: 1e-6f);
    }
}

public sealed class When_a_logistic_regression_is_fitted
{
    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(2, 100.0)]
    [InlineData(5, 1.0)]
    [InlineData(5, 0.01)]
    public void The_gradient_of_its_loss_is_zero(int classes, double c)
    {
        var (rows, labels) = ToyRows.Draw(80, 9, classes, seed: 8);
        var model = LogisticRegression.Fit(new(ToyRows.Dense(rows), labels, classes), c);
        var vectors = classes == 2 ? [model.Weights[1].Select(weight => 2 * weight).ToArray()] : model.Weights;

        for (var vector = 0; vector < vectors.Length; vector++)
        {
            var label = classes == 2 ? 1 : vector;
            var gradient = (double[])vectors[vector].Clone();
            var bias = 0.0;
            for (var row = 0; row < rows.Length; row++)
            {
                var error = Softmax(model, rows[row])[label] - (labels[row] == label ? 1 : 0);
                bias += c * error;
                for (var column = 0; column < gradient.Length; column++)
                    gradient[column] += c * error * rows[row][column];
            }

            Assert.All(gradient, entry => Assert.Equal(0, entry / (c * rows.Length), tolerance: 1e-8));
            Assert.Equal(0, bias / (c * rows.Length), tolerance: 1e-8);
        }
    }

    private static double[] Softmax(LinearModel model, float[] row)
    {
        var exponentials = model
            .Weights.Select((weights, label) => Math.Exp(weights.Zip(row, (w, x) => w * x).Sum() + model.Bias[label]))
            .ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }
}
