namespace TransferPipeline.Contracts;

/// <summary>What texts that fooled one model do to another.</summary>
/// <param name="To">The other's place among the models of the evaluating step.</param>
/// <param name="N">Successful texts whose originals the other is right about.</param>
/// <param name="Fooled">The share of them that it is wrong about; null where there are none.</param>
public sealed record TransferScores(int To, int N, MetricValue? Fooled);

/// <summary>How far the successful texts of an attack are from those that they were made of.</summary>
/// <param name="N">How many there are.</param>
/// <param name="EditDistance">Mean inserted, deleted and replaced characters.</param>
/// <param name="UnknownWords">Mean share of a text's new words that no text of the dataset holds, nor WordNet where it is given.</param>
/// <param name="Repeated">Share of texts in which a word follows itself that did not before.</param>
/// <param name="Opposites">Share of texts in which a word stands for its opposite; null without WordNet.</param>
/// <param name="Similarity">Mean cosine between the encoder's vectors before and after; null without an encoder.</param>
/// <param name="PerplexityBefore">Of the texts as they were, to the language model; null without one.</param>
/// <param name="PerplexityAfter">Of the texts as they are now.</param>
public sealed record ValidityScores(
    int N,
    MetricValue EditDistance,
    MetricValue? UnknownWords,
    MetricValue Repeated,
    MetricValue? Opposites,
    MetricValue? Similarity,
    MetricValue? PerplexityBefore,
    MetricValue? PerplexityAfter
);
