using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.TestKit;

namespace TransferPipeline.Perturbation.Tests.Lexicons;

public sealed class When_a_lexicon_is_imported
{
    [Theory]
    [InlineData("stop-words", "the\nand\n\nof\n", 3)]
    [InlineData("names", "first\tAda\nlast\tLovelace\ncity\tMexico City\n", 3)]
    [InlineData("keyboard", """{"q":["w","a"],"w":["q","e"]}""", 2)]
    [InlineData("neighbours", """{"good":["great","fine"],"bad":["poor"],"rare":[]}""", 2)]
    public void Its_pack_gives_it_again(string kind, string content, int count)
    {
        using var folder = new TemporaryFolder();
        var source = Write(folder, "source", content);

        var pack = Pack(kind, source);
        var opened = LexiconPack.Open(new MemoryStream(pack), "pack");

        Assert.Equal(count, opened.Count);
        Assert.Equal(LexiconKinds.Parse(kind), opened.Kind);
        var again = new MemoryStream();
        LexiconPack.Write(opened, again);
        Assert.Equal(pack, again.ToArray());
    }

    [Fact]
    public void The_order_of_the_source_changes_no_byte()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(
            Pack("stop-words", Write(folder, "one", "the\nand\n")),
            Pack("stop-words", Write(folder, "other", "and\r\nthe"))
        );
    }

    [Theory]
    [InlineData("stop-words", "the\nand so\n", "line 2: 'and so' is not one word")]
    [InlineData("names", "first\tAda\n\nriver\tRhine\n", "line 3: 'river Rhine' is no name")]
    [InlineData("keyboard", "{\n\"q\": [\"wa\"]}", "key 'q': 'wa' is not one character")]
    [InlineData("neighbours", "{\n\"a\": [\"b\"],\n\"a\": []}", "line 3: 'a' stood there before")]
    [InlineData("neighbours", "{\n\"a\": [1]}", "line 2: expected words in the list of 'a'")]
    [InlineData("neighbours", "{\n\"a\": \n", "line 3: not JSON")]
    [InlineData("stop-words", "", "is empty; expected a text file with a word on each line")]
    public void A_wrong_line_is_named(string kind, string content, string message)
    {
        using var folder = new TemporaryFolder();
        var source = Write(folder, "source", content);

        var refused = Assert.Throws<BadInputException>(() => Pack(kind, source));

        Assert.StartsWith(source, refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".", "is a folder; expected ")]
    [InlineData("nowhere", "no such file; expected ")]
    public void A_folder_or_nothing_in_the_place_of_a_file_is_named(string path, string message)
    {
        using var folder = new TemporaryFolder();

        var refused = Assert.Throws<BadInputException>(() => Pack("neighbours", Path.Combine(folder.Path, path)));

        Assert.Contains(
            message + LexiconKinds.SourceOf(LexiconKind.Neighbours),
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_unknown_kind_is_refused() =>
        Assert.Contains(
            "expected wordnet, neighbours, stop-words, names, keyboard",
            Assert.Throws<BadInputException>(() => LexiconKinds.Parse("thesaurus")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_of_another_kind_is_no_pack() =>
        Assert.Contains(
            "is no pack of words",
            Assert
                .Throws<BadInputException>(() => LexiconPack.Open(new MemoryStream("the\nand\n"u8.ToArray()), "words"))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_published_neighbours_are_read()
    {
        var path = SharedFiles.Require("data", "synonyms", "counterfitted_neighbors.json");

        var neighbours = (NeighbourLists)LexiconPack.Read(LexiconKind.Neighbours, path);

        Assert.Equal(25_611, neighbours.Count);
        Assert.Equal(["onto", "during", "at", "for", "throughout", "across", "among", "into"], neighbours.Of("In"));
    }

    [Fact]
    public void TextAttacks_stop_words_and_keyboard_are_read()
    {
        var stopWords = (StopWords)LexiconPack.Read(LexiconKind.StopWords, AttackGoldens.Path("stopwords.txt"));
        var keyboard = (Keyboard)LexiconPack.Read(LexiconKind.Keyboard, AttackGoldens.Path("keyboard.json"));

        Assert.True(stopWords.Contains("You'Ll"));
        Assert.Equal(["Q", "E", "A", "S", "D"], keyboard.Beside(new Rune('W')));
    }

    private static byte[] Pack(string kind, string path)
    {
        var pack = new MemoryStream();
        LexiconPack.Import(LexiconKinds.Parse(kind), path, pack);
        return pack.ToArray();
    }

    private static string Write(TemporaryFolder folder, string name, string content)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }
}

public sealed class When_no_lexicon_is_given
{
    [Fact]
    public void Lists_of_the_project_are_there()
    {
        var builtIn = LexiconSet.BuiltIn;

        Assert.InRange(builtIn.StopWords.Count, 150, 400);
        Assert.All("the and of not isn't".Split(' '), word => Assert.True(builtIn.StopWords.Contains(word)));
        Assert.False(builtIn.StopWords.Contains("film"));
        Assert.All(NameLists.Categories, category => Assert.True(builtIn.Names.Of(category).Count >= 100));
        Assert.Equal("qwsz", string.Concat(builtIn.Keyboard.Beside(new Rune('a'))));
        Assert.Equal("TYFHVB", string.Concat(builtIn.Keyboard.Beside(new Rune('G'))));
        Assert.Equal("а", Homoglyphs.Of(new Rune('a')));
    }

    [Fact]
    public void A_missing_pack_is_named_with_where_to_get_it()
    {
        var refused = Assert.Throws<BadInputException>(() => LexiconSet.BuiltIn.WordNet("recipe pwws"));

        Assert.Contains("recipe pwws needs a pack of kind wordnet", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Debian's wordnet-base", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_packs_of_one_kind_are_refused() =>
        Assert.Throws<BadInputException>(() => new LexiconSet([Keyboard.Qwerty, Keyboard.Qwerty]));
}

public sealed class When_WordNet_is_read
{
    private const string Dictionary = "/usr/share/wordnet";
    private static readonly Lazy<WordNet> Installed = new(() =>
        (WordNet)LexiconPack.Read(LexiconKind.WordNet, Dictionary)
    );

    [Fact]
    public void The_synonyms_are_TextAttacks()
    {
        RequireDictionary();
        var cases = AttackGoldens.Lines<Candidates>("wordnet-candidates.jsonl").ToList();

        Assert.True(cases.Count >= 600);
        Assert.All(cases, one => Assert.Equal(one.Synonyms, Synonyms(one.Word)));
    }

    [Fact]
    public void Its_pack_gives_it_again()
    {
        RequireDictionary();
        var pack = new MemoryStream();
        LexiconPack.Write(Installed.Value, pack);
        pack.Position = 0;

        var opened = (WordNet)LexiconPack.Open(pack, "pack");

        Assert.Equal(Installed.Value.Lines(), opened.Lines());
        Assert.Equal(117_798 + 11_529 + 21_479 + 4_481, opened.Count);
    }

    [Fact]
    public void Opposites_are_known_in_all_their_forms()
    {
        RequireDictionary();

        Assert.True(Installed.Value.AreOpposite("Loved", "hates"));
        Assert.True(Installed.Value.AreOpposite("good", "bad"));
        Assert.False(Installed.Value.AreOpposite("good", "great"));
        Assert.True(Installed.Value.CanBe("geese", 'n'));
        Assert.False(Installed.Value.CanBe("geese", 'v'));
    }

    [Fact]
    public void A_wrong_line_is_named()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["noun", "verb", "adj", "adv"])
        {
            File.WriteAllText(
                Path.Combine(folder.Path, $"data.{name}"),
                "  1 a licence\n00000017 03 n 01 entity 0 000 | all  \n"
            );
            File.WriteAllText(Path.Combine(folder.Path, $"index.{name}"), "entity n 1 0 1 1 00000017  \n");
        }
        Assert.Equal(4, LexiconPack.Read(LexiconKind.WordNet, folder.Path).Count);

        File.AppendAllText(Path.Combine(folder.Path, "index.verb"), "thing v 1 0 1 1 00000099  \n");
        var refused = Assert.Throws<BadInputException>(() => LexiconPack.Read(LexiconKind.WordNet, folder.Path));
        Assert.Contains("index.verb: line 2: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the sense 00000099, which is not there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_dictionary_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "data.noun, index.noun",
            Assert.Throws<BadInputException>(() => LexiconPack.Read(LexiconKind.WordNet, folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    private static void RequireDictionary() =>
        Assert.SkipUnless(Directory.Exists(Dictionary), "Debian's wordnet-base is not installed.");

    /// <summary>As PWWS's recipe takes them: single words, whatever their sense.</summary>
    private static string[] Synonyms(string word) =>
        [
            .. Installed
                .Value.Senses(word)
                .SelectMany(sense => sense)
                .Where(other => other != word && !other.Contains('_') && WordSplitter.Count(other) == 1)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private sealed record Candidates(
        string Word,
        [property: System.Text.Json.Serialization.JsonPropertyName("candidates")] string[] Synonyms
    );
}
