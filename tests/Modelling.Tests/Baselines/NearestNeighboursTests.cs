using TransferPipeline.Modelling.Baselines;

namespace TransferPipeline.Modelling.Tests.Baselines;

public sealed class When_neighbours_are_asked
{
    private static readonly FeatureRows Line = FeatureRows.Dense(
        [
            [0],
            [1],
            [2],
            [10],
        ],
        1
    );

    [Fact]
    public void The_nearest_rows_answer_by_their_weights()
    {
        var model = NearestNeighbours.Fit(new LabelledRows(Line, [0, 1, 1, 2], 3, [1, 0.5f, 0.5f, 9]), neighbours: 3);

        Assert.Equal(
            [0.5f, 0.5f, 0],
            model.Probabilities(
                FeatureRows.Dense(
                    [
                        [0.4f],
                    ],
                    1
                ),
                0
            )
        );
        Assert.Equal(
            [0, 0.1f, 0.9f],
            model.Probabilities(
                FeatureRows.Dense(
                    [
                        [9],
                    ],
                    1
                ),
                0
            )
        );
    }

    [Fact]
    public void Of_equals_the_earlier_one_answers_and_more_than_all_are_all()
    {
        var two = NearestNeighbours.Fit(new LabelledRows(Line, [0, 1, 2, 2], 3), neighbours: 2);
        var many = NearestNeighbours.Fit(new LabelledRows(Line, [0, 1, 2, 2], 3), neighbours: 100);

        // 0 and 2 are as near to 1.
        Assert.Equal(
            [0.5f, 0.5f, 0],
            two.Probabilities(
                FeatureRows.Dense(
                    [
                        [1],
                    ],
                    1
                ),
                0
            )
        );
        Assert.Equal(
            [0.25f, 0.25f, 0.5f],
            many.Probabilities(
                FeatureRows.Dense(
                    [
                        [1],
                    ],
                    1
                ),
                0
            )
        );
    }
}
