using TransferPipeline.Evaluation.Reports;

namespace TransferPipeline.Evaluation.Tests.Reports;

public sealed class When_notes_differ_in_numbers_alone
{
    [Fact]
    public void They_are_told_as_one_with_the_range_of_each_number() =>
        Assert.Equal(
            ["tuned: 9 to 29 of 1070 to 3110 texts are cut off.", "frozen: 51 of 7600 texts are cut off."],
            AlikeNotes.Merge([
                "tuned: 13 of 1912 texts are cut off.",
                "frozen: 51 of 7600 texts are cut off.",
                "tuned: 29 of 3110 texts are cut off.",
                "tuned: 9 of 1070 texts are cut off.",
                "frozen: 51 of 7600 texts are cut off.",
            ])
        );

    [Fact]
    public void Numbers_are_compared_as_numbers_and_those_in_names_are_left_alone() =>
        Assert.Equal(
            ["svm2: 2.5 to 10 rows.", "svm3: 1 rows.", "a of bert-base-2: 1."],
            AlikeNotes.Merge(["svm2: 10 rows.", "svm2: 2.5 rows.", "svm3: 1 rows.", "a of bert-base-2: 1."])
        );

    [Fact]
    public void Lists_of_different_lengths_stay_apart() =>
        Assert.Equal(
            ["Students: 1 to 2; 5.", "Students: 3."],
            AlikeNotes.Merge(["Students: 1; 5.", "Students: 3.", "Students: 2; 5."])
        );
}
