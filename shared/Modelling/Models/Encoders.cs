using TransferPipeline.Modelling.Checkpoints;

namespace TransferPipeline.Modelling.Models;

/// <summary>Encoders by the <c>model_type</c> of their configuration.</summary>
public static class Encoders
{
    private static readonly IReadOnlyDictionary<string, Func<ConfigFile, ModelSettings, Encoder>> ByType =
        new Dictionary<string, Func<ConfigFile, ModelSettings, Encoder>>
        {
            ["bert"] = (file, settings) => new Bert(BertConfig.Read(file), settings),
            ["distilbert"] = (file, settings) => new DistilBert(DistilBertConfig.Read(file), settings),
            ["roberta"] = (file, settings) => new Roberta(RobertaConfig.Read(file), settings),
            ["gpt2"] = (file, settings) => new Gpt2(Gpt2Config.Read(file), settings),
        };

    /// <summary>The encoder in a folder in Hugging Face layout, without any head.</summary>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static Encoder Open(string folder, ModelSettings settings)
    {
        var encoder = Create(ConfigFile.Open(folder), settings);
        return WeightLoading.Opened(
            encoder,
            opened =>
                WeightLoading.Load(opened, opened.Names.Below("", opened.Prefix), opened, folder, [], [], settings)
        );
    }

    /// <summary>Refuses a folder whose configuration is of another architecture than is known.</summary>
    /// <exception cref="Contracts.BadInputException">It is, or there is none.</exception>
    public static void CheckType(string folder) => TypeOf(ConfigFile.Open(folder));

    /// <summary>An encoder of the configuration's architecture with weights not yet set.</summary>
    internal static Encoder Create(ConfigFile file, ModelSettings settings) => ByType[TypeOf(file)](file, settings);

    private static string TypeOf(ConfigFile file)
    {
        var type = file.Choice("model_type", ByType.Keys);
        file.ThrowIfBad();
        return type;
    }
}
