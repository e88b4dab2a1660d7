using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>A tag for each word.</summary>
internal static class TagFit
{
    public static TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
    {
        var labels = job.Dataset.Labels;
        var model = TokenClassification.Open(job.BaseFolder, settings, labels);
        try
        {
            var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
            var train = Encode(job, job.Train, tokenizer, longest);
            var dev = job.Dev is null ? null : Encode(job, job.Dev, tokenizer, longest);
            var longTexts = new LongTexts(job, "words", $"the {longest} tokens that are read");
            longTexts.Check("train", job.Train, [.. train.Select(CutOff)]);
            longTexts.Check("dev", job.Dev, [.. (dev ?? []).Select(CutOff)]);
            var task = new TokenTask(model, settings.Masks!, tokenizer.PadId, train, dev, job.Spec.SelectBy);
            return new(
                task,
                longest,
                model.NewWeights,
                model.Save,
                [.. Notes(train, longest)],
                row => job.Train.Ids[row]
            );
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static List<TaggedSentence> Encode(
        FineTuningJob job,
        LabelledTexts texts,
        ITokenizer tokenizer,
        int longest
    )
    {
        var numbers = job.Dataset.Labels.Select((label, number) => (label, number)).ToDictionary();
        var sentences = new List<TaggedSentence>(texts.Count);
        foreach (var (text, label) in texts.Texts.Zip(texts.Labels))
        {
            var words = EntityTags.Split(text.First);
            var tags = EntityTags.Split(label);
            if (words.Length != tags.Length)
                throw new BadInputException(
                    $"{job.Dataset.Name}: the sentence '{text.First}' has {words.Length} words and {tags.Length} tags; expected a tag for each word."
                );
            sentences.Add(
                new(
                    WordTokens.Of(tokenizer, words, longest),
                    [
                        .. tags.Select(tag =>
                            numbers.TryGetValue(tag, out var number)
                                ? number
                                : throw new BadInputException(
                                    $"{job.Dataset.Name}: the tag '{tag}' is none of its labels; expected one of {string.Join(", ", job.Dataset.Labels)}."
                                )
                        ),
                    ]
                )
            );
        }
        return sentences;
    }

    private static int CutOff(TaggedSentence sentence) => sentence.Words.CutOff;

    private static IEnumerable<string> Notes(List<TaggedSentence> train, int longest)
    {
        var words = train.Sum(sentence => sentence.Words.CutOff);
        if (words > 0)
            yield return $"{words} words of {train.Count(sentence => sentence.Words.CutOff > 0)} training sentences stand beyond the {longest} tokens that are read.";
    }
}
