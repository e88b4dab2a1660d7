using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace TransferPipeline.Modelling.Compute;

/// <summary>
/// Finds libtorch in the published application or the package folder, and lets it load on systems whose C++ library is
/// older than TorchSharp's; done by itself before TorchSharp asks for its native half.
/// </summary>
public static class TorchLibrary
{
    /// <summary>Names a folder whose libtorch is used, <c>torch/lib</c> of a PyTorch with its CUDA libraries for example.</summary>
    public const string FolderVariable = "TRANSFER_TORCH_LIB";

    private const string Name = "LibTorchSharp";
    private static readonly Lazy<nint> Handle = new(LoadFromDisk);

    /// <summary>Loads libtorch now; a caller that touches TorchSharp before any other type of this project must call it.</summary>
    /// <exception cref="DllNotFoundException">libtorch is missing or does not load; the message says where it was looked for.</exception>
    public static void Load() => _ = Handle.Value;

#pragma warning disable CA2255 // Without it every caller of TorchSharp would have to call Load first.
    [ModuleInitializer]
    internal static void AnswerTorchSharp()
    {
        if (OperatingSystem.IsLinux())
            AssemblyLoadContext.GetLoadContext(typeof(TorchSharp.torch).Assembly)!.ResolvingUnmanagedDll += (_, name) =>
                name == Name ? Handle.Value : 0;
    }
#pragma warning restore CA2255

    private static nint LoadFromDisk()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("libtorch is referenced for Linux on x64 only.");

        SetEnvironment();
        var binding = Find("TorchSharpNative", "libLibTorchSharp.so");
        var given = Environment.GetEnvironmentVariable(FolderVariable);
        NativeLibrary.Load(string.IsNullOrEmpty(given) ? Find("LibTorchNative", "libtorch.so") : Given(given));
        return NativeLibrary.Load(SystemIsNewEnough() ? binding : Adapted(binding, CacheFolder()));
    }

    // Read from C's environment, which .NET's own setter does not reach, when the library is loaded; what the user has set
    // stands.
    private static void SetEnvironment()
    {
        // libgomp's threads spin some milliseconds for their next piece of work. Two trainings on one machine then burn
        // each other's time slices (measured: both 15 times slower).
        _ = SetEnvironment("GOMP_SPINCOUNT", "5000", overwrite: 0);

        // MKL's conditional numerical reproducibility. Without it a product may differ in its last bits by how many threads
        // MKL found free (measured: a 32-wide model's logits, 1 thread against 2); the speed is the same.
        _ = SetEnvironment("MKL_CBWR", "AUTO", overwrite: 0);

        // oneDNN compiles a kernel for each shape and keeps 1,024 of them. Batches of 126 lengths through three layers need more,
        // so each was compiled again when its length came again (measured: 22 ms a layer instead of 20, and 1,440 MB instead of
        // 790 for what that leaves behind).
        _ = SetEnvironment("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "4096", overwrite: 0);
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);

    /// <summary>A file beside the published application, or else in the package folder it was built with.</summary>
    private static string Find(string metadata, string file)
    {
        string[] folders =
        [
            Path.Combine(AppContext.BaseDirectory, "libtorch"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
            .. typeof(TorchLibrary)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Where(entry => entry.Key == metadata)
                .Select(entry => entry.Value!),
        ];
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException(
                $"{file} is in none of {string.Join(", ", folders)}; 'dotnet restore' brings it back."
            );
    }

    /// <summary>What the user names stands: another libtorch instead of it would be found out late, by its results.</summary>
    internal static string Given(string folder)
    {
        var file = Path.Combine(folder, "libtorch.so");
        return File.Exists(file)
            ? file
            : throw new DllNotFoundException(
                $"{FolderVariable} is {folder}, which has no libtorch.so; expected the folder that has it, as torch/lib of PyTorch."
            );
    }

    private static bool SystemIsNewEnough() =>
        !NativeLibrary.TryLoad("libstdc++.so.6", out var library)
        || NativeLibrary.TryGetExport(library, NewerLibStdCxxSymbol.Name, out _);

    /// <summary>The adapted copy in the folder; written aside and renamed, so that several processes may do it at once.</summary>
    internal static string Adapted(string library, string folder)
    {
        var bytes = NewerLibStdCxxSymbol.Replace(File.ReadAllBytes(library));
        var target = Path.Combine(
            folder,
            $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.so"
        );
        if (File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes))
            return target;

        var aside = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllBytes(aside, bytes);
        File.Move(aside, target, overwrite: true);
        return target;
    }

    /// <summary>A folder that only this user may write; a new temporary one where there is no home.</summary>
    [SupportedOSPlatform("linux")]
    private static string CacheFolder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        try
        {
            return home.Length > 0
                ? Directory.CreateDirectory(Path.Combine(home, "transfer-pipeline"), OwnerOnly).FullName
                : Directory.CreateTempSubdirectory("transfer-pipeline-").FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateTempSubdirectory("transfer-pipeline-").FullName;
        }
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
}
