using TransferPipeline.Contracts;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Rows of which not all is read.</summary>
/// <param name="Unit">What is counted of a row.</param>
/// <param name="Read">How much of a row is read, for messages.</param>
internal sealed record LongTexts(FineTuningJob Job, string Unit, string Read)
{
    /// <summary>Refuses the first one where the step is strict.</summary>
    /// <param name="cutOff">Of each row what is not read.</param>
    public void Check(string split, LabelledTexts? texts, IReadOnlyList<int> cutOff)
    {
        if (Job.Spec.Strict != true)
            return;
        for (var row = 0; row < cutOff.Count; row++)
            if (cutOff[row] > 0)
                throw new BadInputException(
                    $"{Job.Dataset.Name}, split {split}, row {texts!.Ids[row]}: {cutOff[row]} {Unit} stand beyond {Read}; expected none, as 'strict' is true."
                );
    }

    /// <summary>How many they are in the train split; none where there are none.</summary>
    public IEnumerable<string> Notes(IReadOnlyList<int> cutOff)
    {
        var cut = cutOff.Count(units => units > 0);
        if (cut > 0)
            yield return $"{cut} of {cutOff.Count} training texts are longer than {Read}; the rest of them was cut off.";
    }
}
