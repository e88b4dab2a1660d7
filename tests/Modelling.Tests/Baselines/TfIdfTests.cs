using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Baselines;

public sealed class When_texts_are_cut_into_words
{
    public static TheoryData<string, string[]> Golden()
    {
        var data = new TheoryData<string, string[]>();
        foreach (var folder in GoldenFolders.Of("word-terms"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "words.json")));
            foreach (var text in document.RootElement.GetProperty("texts").EnumerateArray())
                data.Add(text.GetProperty("text").GetString()!, text.GetProperty("words").Deserialize<string[]>()!);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void They_are_those_that_Python_finds(string text, string[] words)
    {
        var terms = new List<string>();
        WordTerms.Each(text, terms.Add);

        Assert.Equal(words, terms.Where(term => !term.Contains(' ')));
        Assert.Equal(words.Zip(words.Skip(1), (a, b) => a + " " + b), terms.Where(term => term.Contains(' ')));
    }
}

public sealed class When_texts_become_weights_of_terms
{
    [Fact]
    public void They_follow_the_formula_of_scikit_learn()
    {
        // Three texts. df: good 2, film 2, bad 1, "good good" 1, "good film" 1, "bad film" 1, "very good" 1, very 1.
        var features = TfIdf.Fit([new("Good good film"), new("bad film"), new("very good")]);

        var rows = features.Transform([new("Good good film")]);

        var rare = Math.Log(4.0 / 2) + 1;
        var common = Math.Log(4.0 / 3) + 1;
        double[] raw = [common, (1 + Math.Log(2)) * common, rare, rare]; // film, good, good film, good good
        var length = Math.Sqrt(raw.Sum(value => value * value));
        Assert.Equal(["film", "good", "good film", "good good"], Names(features, rows));
        Assert.Equal(raw.Select(value => (float)(value / length)), rows.Values(0).ToArray());
    }

    [Fact]
    public void Unknown_words_alone_give_an_empty_row()
    {
        var features = TfIdf.Fit([new("good film"), new("bad film")]);

        Assert.Equal(0, features.Transform([new("nothing known")]).Values(0).Length);
    }

    [Fact]
    public void A_word_pair_never_spans_the_two_texts_of_a_pair()
    {
        var features = TfIdf.Fit([new("red wine", "white bread")]);

        Assert.Equal(["bread", "red", "red wine", "white", "white bread", "wine"], features.Terms);
    }

    [Theory]
    [InlineData(200, 4)]
    [InlineData(201, 1)]
    public void Terms_of_a_single_text_are_dropped_above_200_texts(int texts, int terms)
    {
        var all = Enumerable.Repeat(new ModelText("common"), texts - 1).Append(new ModelText("very rare")).ToList();

        Assert.Equal(terms, TfIdf.Fit(all).Terms.Count);
    }

    [Fact]
    public void Texts_without_a_common_word_are_refused()
    {
        var failure = Assert.Throws<BadInputException>(() => TfIdf.Fit([new("a b"), new("! ?")]));

        Assert.Equal("tf-idf: no word is in at least 1 of the 2 training texts.", failure.Message);
    }

    private static IEnumerable<string> Names(TfIdf features, FeatureRows rows) =>
        rows.Columns(0).ToArray().Select(column => features.Terms[column]);
}
