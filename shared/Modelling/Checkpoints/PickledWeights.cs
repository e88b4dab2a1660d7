using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>Turns weights that <c>torch.save</c> wrote into safetensors.</summary>
public static class PickledWeights
{
    /// <summary>Whether these are the weights that are read from a folder: safetensors come before them.</summary>
    public static bool AreIn(string folder) => Checkpoint.FormIn(folder) == Checkpoint.TorchName;

    /// <summary>Writes a folder's weights under their present names as <paramref name="path"/>; needs no libtorch.</summary>
    /// <exception cref="BadInputException">The weights are broken, or ask for anything but tensors.</exception>
    public static void Convert(string folder, string path) =>
        SafetensorsFile.Write(
            path,
            Checkpoint
                .Open(folder)
                .Tensors.Select(entry => (entry.Key, entry.Value.Type, entry.Value.Shape, WriterOf(entry.Value)))
        );

    private static Action<Stream> WriterOf(StoredTensor stored) =>
        file =>
        {
            var bytes = new byte[stored.Bytes];
            stored.Read(bytes);
            file.Write(bytes);
        };
}
