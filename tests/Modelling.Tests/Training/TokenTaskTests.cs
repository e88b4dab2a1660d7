using TorchSharp;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_a_very_small_bert_learns_tags
{
    private static readonly string Folder = GoldenFolders.Of("bert-token-classification")[0];
    private static readonly string[] Labels = ["O", "B-x", "I-x"];

    [Fact]
    public void The_loss_is_the_mean_over_the_first_tokens_of_all_words()
    {
        using var scope = NewDisposeScope();
        var (model, masks) = Open();
        using var opened = model;
        var sentences = Sentences(6);
        var task = new TokenTask(model, masks, 0, sentences);
        model.eval();

        var (sum, words) = (0.0, 0);
        foreach (var sentence in sentences)
        {
            var shares = model.call(TokenBatch.Of([sentence.Words.Tokens], 0)).log_softmax(2);
            for (var word = 0; word < sentence.Labels.Count; word++, words++)
                sum -= shares[0, sentence.Words.FirstTokens[word], sentence.Labels[word]].item<float>();
        }

        Assert.Equal(sum / words, task.Loss([0, 1, 2, 3, 4, 5], 0).item<float>(), 1e-4);
    }

    [Fact]
    public void The_selection_score_is_that_of_its_own_predictions()
    {
        using var scope = NewDisposeScope();
        var (model, masks) = Open();
        using var opened = model;
        model.eval();
        var dev = Sentences(90);
        var predicted = dev.Select(sentence =>
            {
                var best = model.call(TokenBatch.Of([sentence.Words.Tokens], 0)).argmax(2);
                return sentence.Words.FirstTokens.Select(token => (int)best[0, token].item<long>()).ToArray();
            })
            .ToArray();
        double Score(string metric) => new TokenTask(model, masks, 0, dev, dev, metric).Score(default)!.Value;

        int[] truth = [.. dev.SelectMany(sentence => sentence.Labels)];
        int[] said = [.. predicted.SelectMany(tags => tags)];
        Assert.Equal(SelectionScore.Of("accuracy", truth, said, 3), Score("accuracy"), 1e-9);
        Assert.Equal(SelectionScore.Of("macroF1", truth, said, 3), Score("macroF1"), 1e-9);

        var (both, all) = (0, 0);
        foreach (var (sentence, tags) in dev.Zip(predicted))
        {
            var expected = EntityTags.Entities([.. sentence.Labels.Select(label => Labels[label])]);
            var found = EntityTags.Entities([.. tags.Select(label => Labels[label])]);
            both += expected.Intersect(found).Count();
            all += expected.Count + found.Count;
        }
        Assert.Equal(2.0 * both / all, Score("entityF1"), 1e-9);
        var rows = Enumerable.Range(0, 90).ToList();
        Assert.Equal(-new TokenTask(model, masks, 0, dev).Loss(rows, 0).item<float>(), Score("loss"), 1e-4);
    }

    [Fact]
    public void It_learns_and_no_tensor_stays()
    {
        var (model, masks) = Open();
        using var opened = model;
        var sentences = Sentences(24);
        var task = new TokenTask(model, masks, 0, sentences, sentences);
        var plan = new TrainingPlan(80, 8, 3e-3, new AdamWOptions(), EvaluateEvery: 40, CheckpointEvery: 10_000);

        model.eval();
        var before = task.Score(default)!.Value;
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = new TrainingLoop(task, plan, new KeptCheckpoints()).Run(default);

        Assert.InRange(result.Score!.Value, Math.Max(0.9, before), 1);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (TokenClassification, DropoutMasks) Open()
    {
        var masks = new DropoutMasks(13);
        return (TokenClassification.Open(Folder, new ModelSettings { Masks = masks, Dropout = 0 }, Labels), masks);
    }

    /// <summary>A word is one to three tokens; the first one's id says its tag.</summary>
    private static List<TaggedSentence> Sentences(int count)
    {
        var random = new CounterRandom(13, "sentences");
        return [.. Enumerable.Range(0, count).Select(_ => Sentence(1 + random.NextInt(6)))];

        TaggedSentence Sentence(int words)
        {
            var (ids, first, labels) = (new List<int> { 2 }, new List<int>(), new List<int>());
            for (var word = 0; word < words; word++)
            {
                first.Add(ids.Count);
                var label = random.NextInt(3) is var drawn && drawn == 2 && (word == 0 || labels[^1] == 0) ? 1 : drawn;
                labels.Add(label);
                ids.Add(10 + label);
                for (var more = random.NextInt(3); more > 0; more--)
                    ids.Add(20 + random.NextInt(500));
            }
            ids.Add(3);
            return new(new WordTokens(new TokenSequence([.. ids], ids.Count), first, 0), labels);
        }
    }
}

public sealed class When_a_very_small_bert_learns_answers
{
    private static readonly string Folder = GoldenFolders.Of("bert-question-answering")[0];

    [Fact]
    public void The_loss_is_the_mean_of_starts_and_ends_and_selects()
    {
        using var scope = NewDisposeScope();
        var masks = new DropoutMasks(13);
        using var model = QuestionAnswering.Open(Folder, new ModelSettings { Masks = masks, Dropout = 0 });
        model.eval();
        var windows = Windows(40);
        var task = new AnswerTask(model, masks, 0, windows, windows);

        var sum = 0.0;
        foreach (var window in windows)
        {
            var shares = model.call(TokenBatch.Of([window.Tokens], 0)).log_softmax(1);
            sum -= (shares[0, window.First, 0].item<float>() + shares[0, window.Last, 1].item<float>()) / 2;
        }

        // A batch pads: what stands behind a window takes a share too, so windows of one length are compared.
        Assert.Equal(sum / 40, task.Loss([.. Enumerable.Range(0, 40)], 0).item<float>(), 1e-4);
        Assert.Equal(-sum / 40, task.Score(default)!.Value, 1e-4);
    }

    [Fact]
    public void It_learns_and_no_tensor_stays()
    {
        var masks = new DropoutMasks(13);
        using var model = QuestionAnswering.Open(Folder, new ModelSettings { Masks = masks, Dropout = 0 });
        var windows = Windows(24);
        var task = new AnswerTask(model, masks, 0, windows, windows);
        var plan = new TrainingPlan(120, 8, 3e-3, new AdamWOptions(), EvaluateEvery: 60, CheckpointEvery: 10_000);

        model.eval();
        var before = task.Score(default)!.Value;
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = new TrainingLoop(task, plan, new KeptCheckpoints()).Run(default);

        Assert.InRange(result.Score!.Value, before / 2, 0);
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The answer stands between two tokens that say so.</summary>
    private static List<AnsweredWindow> Windows(int count)
    {
        var random = new CounterRandom(13, "windows");
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    int[] ids = [2, 7, 8, 3, .. Enumerable.Range(0, 15).Select(_ => 20 + random.NextInt(500)), 3];
                    var first = 4 + random.NextInt(12);
                    var last = first + random.NextInt(3);
                    (ids[first], ids[last]) = (last == first ? 12 : 10, last == first ? 12 : 11);
                    return new AnsweredWindow(new TokenSequence(ids, 4), first, last);
                }),
        ];
    }
}
