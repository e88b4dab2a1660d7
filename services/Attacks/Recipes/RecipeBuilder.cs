using TransferPipeline.Attacks.Goals;
using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>Puts a recipe together that a scenario wrote as its parts.</summary>
internal static class RecipeBuilder
{
    /// <exception cref="BadInputException">A part needs what is not given, or the victim does not know the target.</exception>
    public static AttackRecipe Build(RecipeSpec spec, RecipeResources given)
    {
        var user = $"recipe {spec.Name}";
        return new(
            spec.Name,
            Goal(spec, given),
            Transformation(spec.Transformation, given, user),
            [.. Words(spec.Constraints, given)],
            [.. Texts(spec.Constraints, given, user)],
            Search(spec.Search, given, user)
        );
    }

    private static IGoal Goal(RecipeSpec spec, RecipeResources given) =>
        spec.Goal switch
        {
            "targeted" => new Targeted(Label(spec.Target!, given.Labels)),
            "lower-score" => new LowerScore(spec.Below!.Value),
            "input-reduction" => new InputReduction(),
            _ => new Untargeted(),
        };

    private static int Label(string target, IReadOnlyList<string> labels) =>
        labels.ToList().IndexOf(target) is >= 0 and var label
            ? label
            : throw new BadInputException(
                $"recipe.target: the model does not know label '{target}'; expected one of {string.Join(", ", labels)}"
            );

    private static CompositeTransformation Transformation(TransformationSpec spec, RecipeResources given, string user)
    {
        var parts = new List<ITransformation>();
        var places = new CharacterPlaces(spec.Places == "one", spec.KeepFirst, spec.KeepLast);
        parts.AddRange((spec.Characters ?? []).Select(kind => Characters(kind, places, given)));
        if (spec.WordNet)
            parts.Add(new WordNetSwap(given.Lexicons.WordNet(user)));
        if (spec.Neighbours is { } neighbours)
            parts.Add(new NeighbourSwap(given.Lexicons.Neighbours(user), neighbours));
        if (spec.Nearest is { } nearest)
            parts.Add(new NearestVectorSwap(given.Vectors(user), nearest));
        if (spec.Gradient is { } flips)
            parts.Add(new GradientSwap(given.Gradients(user), flips));
        parts.AddRange(Foretold(spec, given, user));
        if (spec.Delete)
            parts.Add(new WordDeletion());
        if (spec.Join)
            parts.Add(new WordJoin());
        if (spec.Contractions)
            parts.Add(new ContractionSwap());
        if (spec.Names is { } names)
            parts.Add(new NameSwap(given.Lexicons.Names, ["first", "last"], names));
        if (spec.Numbers is { } numbers)
            parts.Add(new NumberSwap(numbers));
        if (spec.Locations is { } locations)
            parts.Add(new NameSwap(given.Lexicons.Names, ["city", "country"], locations));
        return new(parts);
    }

    private static IEnumerable<ITransformation> Foretold(TransformationSpec spec, RecipeResources given, string user)
    {
        if (!spec.AsksMaskedModel())
            yield break;
        var gaps = new WordGaps(given.MaskedModel(user));
        var least = spec.LeastProbability ?? 0;
        if (spec.Foretold is { } swapped)
            yield return new ForetoldSwap(gaps, swapped, least);
        if (spec.Inserted is { } inserted)
            yield return new ForetoldInsertion(gaps, inserted, least);
        if (spec.Merged is { } merged)
            yield return new ForetoldMerge(gaps, merged, least);
        if (spec.Pieces is { } pieces)
            yield return new PieceSwap(gaps, pieces);
    }

    private static ITransformation Characters(string kind, CharacterPlaces places, RecipeResources given) =>
        kind switch
        {
            "swap" => new NeighbouringCharacterSwap(places),
            "substitute" => new CharacterSubstitution(places),
            "delete" => new CharacterDeletion(places),
            "insert" => new CharacterInsertion(places),
            "keys" => new AdjacentKey(places, given.Lexicons.Keyboard),
            "look-alikes" => new HomoglyphSwap(places),
            "blanks" => new SpaceInsertion(places),
            "invisible" => new InvisibleInsertion(places),
            "reorder" => new InvisibleReordering(places),
            "erase" => new ErasedInsertion(places),
            _ => throw new BadInputException($"recipe.transformation.characters: '{kind}' is not known"),
        };

    private static IEnumerable<IWordConstraint> Words(ConstraintSpec spec, RecipeResources given)
    {
        if (spec.NoRepeats)
            yield return new NoRepeatedChange();
        if (spec.NoStopWords)
            yield return new NoStopWords(given.Lexicons.StopWords);
        if (spec.LeastLength is { } length)
            yield return new MinimumWordLength(length);
        if (spec.Column is { } column)
            yield return new OnlyColumn(column - 1);
    }

    /// <summary>Cheap ones first: a model is asked about what is left.</summary>
    private static IEnumerable<ITextConstraint> Texts(ConstraintSpec spec, RecipeResources given, string user)
    {
        if (spec.Words is { } words)
            yield return MaximumWordsChanged.Of(words);
        if (spec.Share is { } share)
            yield return MaximumWordsChanged.Share(share);
        if (spec.Edits is { } edits)
            yield return new MaximumEditDistance(edits);
        if (spec.NoOpposites)
            yield return new NoOpposites(given.Lexicons.WordNet(user));
        if (spec.WordClass != "any")
            yield return new SharedWordClass(given.Lexicons.WordNet(user), spec.WordClass == "same-or-noun-for-verb");
        if (spec.LeastCosine is { } cosine)
            yield return new NearVectors(given.Vectors(user), cosine);
        if (spec.LeastSimilarity is { } least)
            yield return new SentenceSimilarity(
                given.Encoder(user),
                least,
                spec.Similarity == "angular" ? Similarity.Angular : Similarity.Cosine,
                spec.Window
            );
        if (spec.Surprise is { } surprise)
            yield return new MaximumSurprise(given.LanguageModel(user), surprise);
        if (spec.Perplexity is { } times)
            yield return new MaximumPerplexity(given.LanguageModel(user), times);
    }

    private static ISearch Search(SearchSpec spec, RecipeResources given, string user) =>
        spec.Kind switch
        {
            "beam" => new Beam(spec.Width ?? 8),
            "word-importance" => Ranked(spec.Importance, given, user),
            "genetic" => new Genetic(spec.Population ?? 60, spec.Iterations ?? 20),
            "improved-genetic" => new Genetic(spec.Population ?? 60, spec.Iterations ?? 20, spec.Replacements ?? 5),
            "particle-swarm" => new ParticleSwarm(spec.Population ?? 60, spec.Iterations ?? 20),
            "differential-evolution" => new DifferentialEvolution(
                spec.Population ?? 32,
                spec.Iterations ?? 10,
                spec.Changes ?? 5
            ),
            _ => new Beam(1),
        };

    private static WordImportance Ranked(string? importance, RecipeResources given, string user) =>
        importance switch
        {
            "unknown" => new(Importance.Unknown),
            "weighted-saliency" => new(Importance.WeightedSaliency),
            "random" => new(Importance.Random),
            "gradient" => new(Importance.Gradient, given.Gradients(user)),
            _ => new(Importance.Delete),
        };
}
