using System.Runtime.InteropServices;

namespace TransferPipeline.Hosting;

/// <summary>Large pages of memory for large tensors, where Linux gives them to whom asks.</summary>
public static class LargePages
{
    private const string Tunables = "GLIBC_TUNABLES";
    private const string Asked = "glibc.malloc.hugetlb=1";
    private const string Policy = "/sys/kernel/mm/transparent_hugepage/enabled";

    /// <summary>
    /// Starts this process over as itself, with the same arguments and number, and a C library that asks for them: it reads
    /// what it is to do only when a process begins. What the user has set stands.
    /// </summary>
    /// <remarks>Measured: fine-tuning a MiniLM is a fifth faster (tests/Benchmarks).</remarks>
    public static void Ask()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Tunables) is not null || !AreGiven())
            return;
        string?[] arguments = [.. File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1], null];
        if (SetEnvironment(Tunables, Asked, overwrite: 0) == 0)
            _ = Execute(Environment.ProcessPath!, arguments); // returns only where it failed; then all goes on as it is
    }

    /// <summary>Whether to those that ask; where all are given them there is nothing to ask for.</summary>
    private static bool AreGiven() =>
        File.Exists(Policy) && File.ReadAllText(Policy).Contains("[madvise]", StringComparison.Ordinal);

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi)]
    private static extern int SetEnvironment(string name, string value, int overwrite);

    [DllImport("libc", EntryPoint = "execv", CharSet = CharSet.Ansi)]
    private static extern int Execute(string path, string?[] arguments);
}
