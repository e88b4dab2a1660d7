using Xunit;

namespace TransferPipeline.TestKit;

/// <summary>
/// Holds a lock while a test module runs. <c>dotnet test</c> starts one module per processor and has no setting in a file for
/// fewer; two that train at a time would only take the processor from each other.
/// </summary>
public sealed class OneModuleAtATime : IAsyncLifetime
{
    private static readonly string Lock = Path.Combine(GoldenFolders.RepositoryRoot, "artifacts", "tests.lock");
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private FileStream? _held;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Lock)!);
        while (_held is null)
        {
            try
            {
                _held = new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LookEvery);
            }
        }
    }

    public ValueTask DisposeAsync() => _held?.DisposeAsync() ?? ValueTask.CompletedTask;
}
