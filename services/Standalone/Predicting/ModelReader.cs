using System.Globalization;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Standalone.Predicting;

/// <summary>What a model says about one text.</summary>
/// <param name="Said">For people.</param>
/// <param name="Json">All of it.</param>
/// <param name="CutOff">Tokens, or words to be tagged, that were not read, as the text is too long.</param>
internal sealed record Said(string Id, string Text, string Answer, JsonObject Json, int CutOff = 0);

/// <summary>Lets the model in a folder read texts, whatever its head.</summary>
internal static class ModelReader
{
    /// <param name="nullThreshold">Of question answering; null: always an answer.</param>
    /// <exception cref="BadInputException">The folder holds no trained model, or texts do not fit it.</exception>
    public static IReadOnlyList<Said> Read(
        string folder,
        IReadOnlyList<(string Id, ModelText Text)> rows,
        double? nullThreshold,
        CancellationToken cancellation
    ) =>
        ModelHeads.Of(folder) switch
        {
            ModelHead.Words => Tags(folder, rows, cancellation),
            ModelHead.Answers => Answers(folder, rows, nullThreshold, cancellation),
            _ => Labels(folder, rows, cancellation),
        };

    private static Said[] Labels(
        string folder,
        IReadOnlyList<(string Id, ModelText Text)> rows,
        CancellationToken cancellation
    )
    {
        using var model = Classifiers.Open(folder);
        ModelText[] texts = [.. rows.Select(row => row.Text)];
        var outputs = model.Predict(texts, cancellation);
        return
        [
            .. rows.Zip(
                    outputs,
                    (row, output) =>
                    {
                        if (model.Regression)
                            return Of(row, Figure(output[0]), ("value", output[0]));
                        var best = Array.IndexOf(output, output.Max());
                        var shares = model
                            .Labels.Zip(output)
                            .Select(pair => KeyValuePair.Create(pair.First, Node(pair.Second)));
                        return Of(
                            row,
                            $"{model.Labels[best]} ({Figure(output[best])})",
                            ("label", model.Labels[best]),
                            ("probabilities", new JsonObject(shares))
                        );
                    }
                )
                .Zip(model.CutOff(texts), Short),
        ];
    }

    private static Said[] Tags(
        string folder,
        IReadOnlyList<(string Id, ModelText Text)> rows,
        CancellationToken cancellation
    )
    {
        using var model = TokenTagger.Open(folder);
        var sentences = rows.Select(row => Words(row.Text.First)).ToArray();
        return
        [
            .. rows.Zip(model.Tag(sentences, cancellation))
                .Zip(
                    sentences,
                    (pair, words) =>
                    {
                        var tags = pair.Second.Tags;
                        string Text(Entity entity) => string.Join(' ', words[entity.From..entity.To]);
                        var entities = EntityTags.Entities(tags);
                        var said = Of(
                            pair.First,
                            string.Join("; ", entities.Select(entity => $"{entity.Type}: {Text(entity)}")),
                            ("words", List(words)),
                            ("tags", List(tags)),
                            ("probabilities", List(pair.Second.Probabilities)),
                            (
                                "entities",
                                new JsonArray([
                                    .. entities.Select(entity =>
                                        (JsonNode)
                                            new JsonObject
                                            {
                                                ["type"] = entity.Type,
                                                ["text"] = Text(entity),
                                                ["from"] = entity.From,
                                                ["to"] = entity.To,
                                            }
                                    ),
                                ])
                            )
                        );
                        return Short(said, pair.Second.CutOff);
                    }
                ),
        ];
    }

    private static Said[] Answers(
        string folder,
        IReadOnlyList<(string Id, ModelText Text)> rows,
        double? nullThreshold,
        CancellationToken cancellation
    )
    {
        if (rows.FirstOrDefault(row => row.Text.Second is null) is { Id: { } id })
            throw new BadInputException(
                $"text {id} has no context; expected a question (--text) and its context (--text-b)"
            );
        using var model = AnswerFinder.Open(folder);
        var search = new AnswerSearch(NullThreshold: nullThreshold);
        return
        [
            .. rows.Zip(
                model.Answer([.. rows.Select(row => row.Text)], search, cancellation),
                (row, found) =>
                    Of(
                        row,
                        found.Text.Length > 0 ? found.Text : "(no answer)",
                        ("answer", found.Text),
                        ("start", found.Start),
                        ("score", found.Score),
                        ("noAnswer", found.NoAnswer),
                        (
                            "best",
                            new JsonArray([
                                .. found.Best.Select(one =>
                                    (JsonNode)
                                        new JsonObject
                                        {
                                            ["text"] = one.Text,
                                            ["start"] = one.Start,
                                            ["probability"] = one.Probability,
                                        }
                                ),
                            ])
                        )
                    )
            ),
        ];
    }

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static Said Of((string Id, ModelText Text) row, string answer, params (string, JsonNode?)[] fields)
    {
        var json = new JsonObject { ["id"] = row.Id, ["text"] = row.Text.First };
        if (row.Text.Second is { } second)
            json["textB"] = second;
        foreach (var (name, value) in fields)
            json[name] = value;
        return new(row.Id, row.Text.First, answer, json);
    }

    private static Said Short(Said said, int cutOff)
    {
        if (cutOff > 0)
            said.Json["cutOff"] = cutOff;
        return said with { CutOff = cutOff };
    }

    private static string Figure(float value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static JsonNode? Node(float value) => value;

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static JsonArray List(IEnumerable<float> numbers) => new([.. numbers.Select(Node)]);
}
