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
    };

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
                Assert.All(
                    candidate.Edits,
                    edit => Assert.InRange(edit.Start, Text.Words[word].Start - 1, After(word))
                );
                Assert.Equal(Text.Model, candidate.Undo().Model);
            }
        Assert.True(seen > 0);

        // A contraction takes the next word in.
        int After(int word) =>
            (name == "contractions" && word + 1 < Text.Words.Count ? Text.Words[word + 1] : Text.Words[word]).End;
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
