namespace TransferPipeline.Perturbation.Constraints;

/// <summary>The fewest inserted, deleted and replaced UTF-16 units between two texts (Levenshtein).</summary>
public static class EditDistance
{
    public static int Of(string one, string other)
    {
        var from = 0;
        while (from < one.Length && from < other.Length && one[from] == other[from])
            from++;
        var (oneEnd, otherEnd) = (one.Length, other.Length);
        while (oneEnd > from && otherEnd > from && one[oneEnd - 1] == other[otherEnd - 1])
            (oneEnd, otherEnd) = (oneEnd - 1, otherEnd - 1);

        var distances = new int[otherEnd - from + 1];
        for (var column = 0; column < distances.Length; column++)
            distances[column] = column;
        for (var row = from; row < oneEnd; row++)
        {
            var diagonal = distances[0]++;
            for (var column = 1; column < distances.Length; column++)
            {
                var replaced = diagonal + (one[row] == other[from + column - 1] ? 0 : 1);
                diagonal = distances[column];
                distances[column] = Math.Min(replaced, Math.Min(diagonal, distances[column - 1]) + 1);
            }
        }
        return distances[^1];
    }
}
