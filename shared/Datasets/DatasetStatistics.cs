namespace TransferPipeline.Datasets;

/// <summary>What a person wants to know of a dataset before working with it.</summary>
/// <param name="Notes">For people: columns guessed, files left out.</param>
public sealed record DatasetStatistics(
    IReadOnlyList<SplitStatistics> Splits,
    IReadOnlyList<SplitLeak> Leaks,
    IReadOnlyList<string> Notes
);

/// <summary>The figures of one split.</summary>
/// <param name="Labels">Rows of each label, in the order of the label set; empty for regression.</param>
/// <param name="Numbers">The labels of a regression.</param>
/// <param name="Characters">Lengths of the texts (both of a pair together) in UTF-16 units.</param>
/// <param name="Duplicates">Rows whose texts an earlier row of this split has too.</param>
public sealed record SplitStatistics(
    string Name,
    long Rows,
    long Labelled,
    IReadOnlyDictionary<string, long> Labels,
    NumberStatistics? Numbers,
    LengthStatistics Characters,
    long Duplicates
);

/// <summary>Range and mean of numbers.</summary>
public sealed record NumberStatistics(double Least, double Mean, double Most);

/// <summary>The spread of lengths; quantiles above 4,096 are rounded up to the next power of two.</summary>
public sealed record LengthStatistics(long Least, double Mean, long Median, long Percentile95, long Most);

/// <summary>Texts that are in two splits.</summary>
/// <param name="Texts">Different texts in common.</param>
/// <param name="Examples">Where the first few were found again.</param>
public sealed record SplitLeak(string Split, string Other, long Texts, IReadOnlyList<string> Examples);
