using System.Reflection;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Compute;

public sealed class When_libtorch_is_needed
{
    private static string Binding =>
        Path.Combine(
            typeof(TorchLibrary)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(entry => entry.Key == "TorchSharpNative")
                .Value!,
            "libLibTorchSharp.so"
        );

    [Fact]
    public void A_folder_that_the_user_names_must_have_it()
    {
        using var folder = new TemporaryFolder();

        var missing = Assert.Throws<DllNotFoundException>(() => TorchLibrary.Given(folder.Path));
        var file = folder.Write("libtorch.so", "");

        Assert.Equal(
            $"TRANSFER_TORCH_LIB is {folder.Path}, which has no libtorch.so; expected the folder that has it, as torch/lib of PyTorch.",
            missing.Message
        );
        Assert.Equal(file, TorchLibrary.Given(folder.Path));
    }

    [Fact]
    public void The_library_loads_and_computes()
    {
        TorchLibrary.Load();
        using var scope = NewDisposeScope();

        Assert.Equal(6f, ones(2, 3).sum().item<float>());
    }

    [Fact]
    public void No_output_folder_holds_a_copy()
    {
        Assert.Empty(Directory.EnumerateFiles(AppContext.BaseDirectory, "libtorch_cpu*", SearchOption.AllDirectories));
    }

    [Fact]
    public void The_adapted_copy_differs_in_one_name_one_version_and_one_flag()
    {
        var original = File.ReadAllBytes(Binding);

        var adapted = NewerLibStdCxxSymbol.Replace(original);

        var differing = Enumerable.Range(0, original.Length).Where(i => original[i] != adapted[i]).ToArray();
        Assert.Equal(original.Length, adapted.Length);
        Assert.InRange(differing.Length, 20, NewerLibStdCxxSymbol.Name.Length + 3);
        Assert.Equal(-1, adapted.AsSpan().IndexOf("_ZSt21ios_base_library_initv\0"u8));
        Assert.Equal(adapted, NewerLibStdCxxSymbol.Replace(adapted));
    }

    [Fact]
    public void A_library_that_is_no_ELF_file_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => NewerLibStdCxxSymbol.Replace(new byte[100]));
        Assert.Throws<InvalidDataException>(() =>
            NewerLibStdCxxSymbol.Replace(File.ReadAllBytes(Binding).AsSpan(0, 4096))
        );
    }

    [Fact]
    public void Several_processes_may_adapt_it_at_once_and_a_damaged_copy_is_replaced()
    {
        using var folder = new TemporaryFolder();
        var paths = new string[8];
        Parallel.For(0, paths.Length, i => paths[i] = TorchLibrary.Adapted(Binding, folder.Path));
        var copy = Assert.Single(paths.Distinct());
        var bytes = File.ReadAllBytes(copy);

        File.WriteAllBytes(copy, bytes.AsSpan(0, 1000));

        Assert.Equal(copy, TorchLibrary.Adapted(Binding, folder.Path));
        Assert.Equal(bytes, File.ReadAllBytes(copy));
        Assert.Equal([copy], Directory.GetFiles(folder.Path));
    }
}
