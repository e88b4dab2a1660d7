using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Perturbation.Tests.Transformations;

/// <summary>What every transformation keeps.</summary>
public sealed class When_words_are_transformed
{
    private static readonly CharacterPlaces Any = new();
    private static readonly CharacterPlaces Every = new(One: false);

    private static readonly Dictionary<string, ITransformation> All = new()
    {
        ["swap"] = new NeighbouringCharacterSwap(Any),
        ["substitution"] = new CharacterSubstitution(Every),
        ["deletion"] = new CharacterDeletion(Every),
        ["insertion"] = new CharacterInsertion(Any),
        ["keys"] = new AdjacentKey(Every, Keyboard.Qwerty),
        ["look-alikes"] = new HomoglyphSwap(Every),
        ["spaces"] = new SpaceInsertion(new(One: false, KeepFirst: true)),
        ["words"] = new WordDeletion(),
        ["contractions"] = new ContractionSwap(),
        ["names"] = new NameSwap(LexiconSet.BuiltIn.Names, NameLists.Categories, 4),
        ["numbers"] = new NumberSwap(3),
        ["invisible"] = new InvisibleInsertion(Every),
        ["reordering"] = new InvisibleReordering(Every),
        ["erased"] = new ErasedInsertion(Every),
        ["join"] = new WordJoin(),
        ["vectors"] = new NearestVectorSwap(SmallModels.Vectors, 2),
        ["gradient"] = new GradientSwap(SmallModels.Victim, 2),
        ["foretold"] = new ForetoldSwap(SmallModels.Gaps, 2),
        ["foretold-insertion"] = new ForetoldInsertion(SmallModels.Gaps, 2),
        ["foretold-merge"] = new ForetoldMerge(SmallModels.Gaps, 2),
        ["pieces"] = new PieceSwap(SmallModels.Gaps, 2),
    };

    /// <summary>These take the next word in.</summary>
    private static readonly string[] OfTwo = ["contractions", "join", "foretold-merge"];

    private static readonly PerturbedText Text = PerturbedText.Of(
        "Maria 's 12 films aren't shown in Paris , which is not 😀 fair 𝚏un .",
        "a Second text"
    );

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_words_named_are_changed(string name)
    {
        var seen = 0;
        for (var word = 0; word < Text.Words.Count; word++)
            foreach (var candidate in All[name].Candidates(Text, [word], new SeededRandom(3, "test")))
            {
                seen++;
                // A further edit stands where the first one, longer or shorter than what it replaced, has put it.
                var moved = Math.Max(0, candidate.Edits[0].Inserted.Length - candidate.Edits[0].Removed.Length);
                Assert.All(
                    candidate.Edits.Index(),
                    edit =>
                        Assert.InRange(
                            edit.Item.Start,
                            Text.Words[word].Start - 1,
                            After(word) + (edit.Index > 0 ? moved : 0)
                        )
                );
                Assert.Equal(Text.Model, candidate.Undo().Model);
            }
        Assert.True(seen > 0);

        int After(int word) =>
            (OfTwo.Contains(name) && word + 1 < Text.Words.Count ? Text.Words[word + 1] : Text.Words[word]).End;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_seed_alone_says_what_is_drawn(string name)
    {
        Assert.Equal(Drawn(7), Drawn(7));

        string[] Drawn(long seed) =>
            [
                .. All[name]
                    .Candidates(Text, [.. Enumerable.Range(0, Text.Words.Count)], new SeededRandom(seed, "test"))
                    .Select(candidate => candidate.Text),
            ];
    }

    [Fact]
    public void Characters_change_at_every_place_or_inside_only()
    {
        Assert.Equal(["ifne", "fnie", "fien"], Of(new NeighbouringCharacterSwap(Every), "fine"));
        Assert.Equal(["fnie"], Of(new NeighbouringCharacterSwap(new(false, true, true)), "fine"));
        Assert.Equal(["fne", "fie"], Of(new CharacterDeletion(new(false, true, true)), "fine"));
        Assert.Equal(["f ine", "fi ne", "fin e"], Of(new SpaceInsertion(new(false, KeepFirst: true)), "fine"));
        Assert.Equal(["un", "𝚏n", "𝚏u"], Of(new CharacterDeletion(Every), "𝚏un"));
        Assert.Equal([], Of(new CharacterDeletion(Every), "a"));
        Assert.Equal(
            ["fіne", "finе"],
            Of(new HomoglyphSwap(Every), "fine").Where(word => word[0] == 'f' && word[2] == 'n')
        );
        Assert.Equal(
            ["Wo", "Ao", "So"],
            Of(new AdjacentKey(Every, TextAttackKeys()), "Qo").Where(word => word[1] == 'o')
        );
    }

    [Fact]
    public void What_no_reader_sees_is_changed()
    {
        Assert.Equal(["\u200bab", "\u200cab", "\u200dab"], Of(new InvisibleInsertion(Every), "ab").Take(3));
        Assert.Equal(
            ["\u202d\u2066\u202e\u2066b\u2069\u2066a\u2069\u202c\u2069\u202c"],
            Of(new InvisibleReordering(Every), "ab")
        );
        Assert.All(
            Of(new ErasedInsertion(Every), "ab"),
            word => Assert.Matches("^([A-Za-z]\bab|a[A-Za-z]\bb)$".Replace("\b", "\\x08"), word)
        );
    }

    [Fact]
    public void Words_are_joined_where_only_a_blank_lies_between_them()
    {
        var text = PerturbedText.Of("one two, three  four", "five six");

        Assert.Equal(
            ["onetwo, three  four\nfive six", "one two, three  four\nfivesix"],
            new WordJoin().Candidates(text, [0, 1, 2, 3, 4, 5], new(1, "test")).Select(joined => joined.Text)
        );
    }

    [Fact]
    public void Foretold_words_stand_in_gaps()
    {
        var text = PerturbedText.Of("What the court said, no", "they know");
        int[] all = [.. Enumerable.Range(0, text.Words.Count)];
        var random = new SeededRandom(1, "test");

        var swapped = new ForetoldSwap(SmallModels.Gaps, 3).Candidates(text, all, random).ToList();
        Assert.All(swapped, one => Assert.Single(one.DifferentWords(text)));
        Assert.All(
            swapped.Where(one => one.DifferentWords(text)[0] == 0),
            one => Assert.True(char.IsUpper(one.Words[0].Word[0]))
        );
        var inserted = new ForetoldInsertion(SmallModels.Gaps, 3).Candidates(text, all, random).ToList();
        Assert.Equal(3 * text.Words.Count, inserted.Count);
        Assert.All(inserted, one => Assert.Equal(text.Words.Count + 1, one.Words.Count));
        Assert.All(inserted, one => Assert.Single(one.Modified.Skip(1)));
        // Four pairs of words have only a blank between them.
        var merged = new ForetoldMerge(SmallModels.Gaps, 3).Candidates(text, all, random).ToList();
        Assert.Equal(3 * 4, merged.Count);
        Assert.All(merged, one => Assert.Equal(text.Words.Count - 1, one.Words.Count));
    }

    [Fact]
    public void The_gradient_tells_which_words_matter()
    {
        var text = PerturbedText.Of("what the court said", "they know nothing");
        int[] all = [.. Enumerable.Range(0, text.Words.Count)];

        var importance = WordGradients.Importance(SmallModels.Victim, text, all);

        Assert.Equal(text.Words.Count, importance.Length);
        Assert.All(importance, one => Assert.True(one > 0));
        var said = SmallModels.Victim.Gradients(text.Model);
        Assert.Equal(said[1].Values.Sum(value => Math.Abs((double)value)), importance[1], 1e-6);
        var longOne = PerturbedText.Of(string.Join(' ', Enumerable.Repeat("court", 100)));
        Assert.Equal(0, WordGradients.Importance(SmallModels.Victim, longOne, [99])[0]);
    }

    [Fact]
    public void Names_numbers_and_contractions_stay_of_their_kind()
    {
        var random = new SeededRandom(5, "test");
        var names = new NameSwap(LexiconSet.BuiltIn.Names, ["city"], 3).Replacements("Paris", random).ToList();
        Assert.Equal(3, names.Count);
        Assert.All(names, name => Assert.Contains(name, LexiconSet.BuiltIn.Names.Of("city")));
        Assert.All(new NumberSwap(9).Replacements("12", random), number => Assert.InRange(int.Parse(number), 6, 18));
        Assert.Equal(
            ["It is not good", "It's not good", "It isn't good"],
            new ContractionSwap()
                .Candidates(PerturbedText.Of("It is not good"), [0, 1, 2, 3], random)
                .Select(one => one.Text)
                .Prepend("It is not good")
        );
    }

    [Fact]
    public void Nearest_words_keep_a_capital()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """{"good":["great","fine","nice"]}""");
        var neighbours = (NeighbourLists)LexiconPack.Read(LexiconKind.Neighbours, path);
        File.Delete(path);

        Assert.Equal(["Great", "Fine"], new NeighbourSwap(neighbours, 2).Replacements("Good", new(1, "test")));
    }

    private static Keyboard TextAttackKeys() =>
        (Keyboard)LexiconPack.Read(LexiconKind.Keyboard, AttackGoldens.Path("keyboard.json"));

    private static IEnumerable<string> Of(WordSwap swap, string word) => swap.Replacements(word, new(1, "test"));
}
