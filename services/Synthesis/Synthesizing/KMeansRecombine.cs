using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Texts;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>New texts from the clauses of two labelled texts of one cluster and one label.</summary>
internal sealed class KMeansRecombine : ISynthesisMethod
{
    public string Name => "k-means-recombine";

    public Synthesised Make(Pool pool)
    {
        if (pool.Rows.Any(row => row.TextB is not null))
            throw new BadInputException(
                $"Step {pool.Step}: {Name} puts single texts together; the dataset has pairs of texts."
            );
        var (partition, tried) = pool.Cluster();
        var random = new SeededRandom(pool.Spec.Seed, Name);
        var known = pool.Rows.Select(row => row.Text).ToHashSet(StringComparer.Ordinal);
        var clauses = pool.Rows.Take(pool.Labelled).Select(row => Clauses.Of(row.Text)).ToArray();
        var made = new List<Example>();
        for (var row = 0; row < pool.Labelled; row++)
        {
            var own = pool.Rows[row];
            int[] partners =
            [
                .. Enumerable
                    .Range(0, pool.Labelled)
                    .Where(other =>
                        other != row
                        && pool.Rows[other].Label == own.Label
                        && partition.Of[other] == partition.Of[row]
                        && (clauses[row].Count > 1 || clauses[other].Count > 1)
                    ),
            ];
            for (var copy = 0; copy < pool.Spec.Copies && partners.Length > 0; copy++)
            {
                var text = Clauses.Cross(clauses[row], clauses[partners[random.Next(partners.Length)]], random);
                if (known.Add(text))
                    made.Add(Pool.Given(own, own.Label!, 1) with { Id = $"recombined-{own.Id}-{copy}", Text = text });
            }
        }
        return new(made, new LabelledClusters(partition, new string?[partition.Count], tried));
    }
}
