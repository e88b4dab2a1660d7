namespace TransferPipeline.Modelling.Tokenization.Files;

/// <summary><c>added_tokens</c>: those that stand for themselves wherever they are written out.</summary>
internal sealed class AddedTokens
{
    private readonly List<(string Token, JsonPart Part)> _tokens = [];

    /// <summary>Reads the vocabulary of the model together with them; special ones alone are known.</summary>
    public AddedTokens(JsonPart root)
    {
        var tokens = new Dictionary<int, string>();
        foreach (var (token, id) in root["model"]["vocab"].Entries)
            Add(token, id);
        if (root["added_tokens"].IsMissing)
            return;
        foreach (var part in root["added_tokens"].Items)
        {
            part["special"].Only(true);
            part["single_word"].Only(false);
            part["rstrip"].Only(false);
            var token = part["content"].Text;
            if (!Ids.TryGetValue(token, out var known))
                Add(token, part["id"]);
            else if (part["id"].Number != known)
                throw part["id"].Refuse($"{known}, the id of '{token}' in model.vocab");
            _tokens.Add((token, part));
        }

        void Add(string token, JsonPart id)
        {
            if (!tokens.TryAdd(id.Number, token))
                throw id.Refuse($"another id than that of '{tokens[id.Number]}'");
            Ids[token] = id.Number;
        }
    }

    public Dictionary<string, int> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>Tells the configuration of those that it does not name.</summary>
    /// <param name="named">What it calls unknown, padding …: special without being told.</param>
    /// <param name="takesBlanks">The one that takes the blanks before it along; null for none.</param>
    public void Tell(TokenizerConfig config, IEnumerable<string> named, string? takesBlanks = null)
    {
        foreach (var (token, part) in _tokens)
            part["lstrip"].Only(token == takesBlanks);
        config.AddSpecial([.. _tokens.Select(added => added.Token).Except(named)]);
    }

    /// <summary>They are looked for in the text as it is, before case and accents go.</summary>
    public void RefuseNormalized()
    {
        foreach (var (_, part) in _tokens)
            part["normalized"].Only(false);
    }
}
