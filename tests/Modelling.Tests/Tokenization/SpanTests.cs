using System.Text;
using System.Text.Json;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Tokenization;

public sealed class When_the_places_of_pieces_are_asked_for
{
    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("gpt2")]
    [InlineData("roberta-base")]
    public void They_are_those_of_the_tokenizers_library(string name)
    {
        var goldens = SharedFiles.Require("fixtures", "tokens");
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", name));

        var wrong = new List<string>();
        var compared = 0;
        var lines = TokenLines.Of(goldens, "texts").Zip(TokenLines.Of(goldens, name));
        foreach (var (input, expected) in lines)
        {
            var (ids, places) = Encode(tokenizer, input, expected);
            // Texts that were joined before they were cut have none.
            var given = expected.TryGetProperty("offsets", out _);
            compared += given ? 1 : 0;
            if (!ids.SequenceEqual(Ids(expected)) || (given && !places.SequenceEqual(Places(expected))))
                wrong.Add(
                    $"{input}: [{string.Join(", ", places)}], not [{string.Join(", ", given ? Places(expected) : [])}]"
                );
        }

        Assert.Equal(name == "gpt2" ? 3057 : 3157, compared);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ\n" + string.Join('\n', wrong.Take(5)));
    }

    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("gpt2")]
    [InlineData("roberta-base")]
    public void Wrapped_pieces_are_the_encoded_text(string name)
    {
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", name));
        const string Text = "Beyoncé [MASK] <mask> sang\t<|endoftext|> 😀 twice ";
        const string Second = "  in 中文, naïvely";

        var wrapped = tokenizer.Wrap(Ids(tokenizer.Spans(Text)), Ids(tokenizer.Spans(Second)));
        var encoded = tokenizer.Encode(Text, Second, 1000);

        Assert.Equal(encoded.Ids, wrapped.Ids);
        Assert.Equal(encoded.Second, wrapped.Second);
        Assert.Equal(
            tokenizer.Spans(Text).Count + tokenizer.Spans(Second).Count + tokenizer.SpecialCount(pair: true),
            encoded.Length
        );
        Assert.Equal(tokenizer.Encode(Text, null, 1000).Ids, tokenizer.Wrap(Ids(tokenizer.Spans(Text))).Ids);
        Assert.Equal(encoded.Ids[tokenizer.SpecialBefore], tokenizer.Spans(Text)[0].Id);
    }

    [Fact]
    public void A_space_put_before_the_text_takes_no_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", """{"<s>":0,"<pad>":1,"</s>":2,"<unk>":3,"a":4,"Ġ":5,"Ġa":6,"<mask>":7}""");
        folder.Write("merges.txt", "#version: 0.2\nĠ a\n");
        folder.Write("tokenizer_config.json", """{ "add_prefix_space": true }""");

        Assert.Equal([new(6, 0, 1), new(6, 2, 3)], Tokenizers.Open(folder.Path).Spans("a a"));
    }

    private static (IEnumerable<int> Ids, IEnumerable<(int, int)> Places) Encode(
        ITokenizer tokenizer,
        JsonElement input,
        JsonElement expected
    )
    {
        var text = input.GetProperty("text").GetString()!;
        var pair = input.TryGetProperty("pair", out var second) ? second.GetString() : null;
        if (expected.TryGetProperty("joined", out var joined))
            (text, pair) = (text + joined.GetString() + pair, null);

        // What a pair is cut to is another test's; here the expected tokens say how many of each text are left.
        var most = input.TryGetProperty("pair", out _) ? 128 : 100_000;
        var a = tokenizer.Spans(text);
        var b = pair is null ? null : tokenizer.Spans(pair);
        var whole = tokenizer.Encode(text, pair, most);
        var before = tokenizer.SpecialBefore;
        var keptB = b is null ? 0 : CountAfter(whole, b.Count);
        var keptA = whole.Length - keptB - tokenizer.SpecialCount(b is not null);
        a = [.. a.Take(keptA)];
        b = b is null ? null : [.. b.Take(keptB)];

        var ids = tokenizer.Wrap(Ids(a), b is null ? null : Ids(b));
        var places = new (int, int)[ids.Length];
        Fill(places, before, a, text);
        if (b is not null)
            Fill(places, ids.Second, b, pair!);
        return (ids.Ids, places);

        int CountAfter(TokenSequence sequence, int most) =>
            Math.Min(most, sequence.Length - sequence.Second - tokenizer.SpecialCount(pair: false) + before);
    }

    private static void Fill((int, int)[] places, int from, IReadOnlyList<TokenSpan> spans, string text)
    {
        var codePoints = new int[text.Length + 1];
        for (var at = 0; at < text.Length; at++)
            codePoints[at + 1] = codePoints[at] + (char.IsLowSurrogate(text[at]) ? 0 : 1);
        for (var i = 0; i < spans.Count; i++)
            places[from + i] = (codePoints[spans[i].Start], codePoints[spans[i].End]);
    }

    private static int[] Ids(IEnumerable<TokenSpan> spans) => [.. spans.Select(span => span.Id)];

    private static IEnumerable<int> Ids(JsonElement expected) =>
        expected.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());

    private static IEnumerable<(int, int)> Places(JsonElement expected) =>
        expected.GetProperty("offsets").EnumerateArray().Select(place => (place[0].GetInt32(), place[1].GetInt32()));
}
