using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Bus.DeadLetters;

/// <summary>The messages that no consumer could take.</summary>
public interface IDeadLetters
{
    /// <summary>All of them, newest first.</summary>
    Task<IReadOnlyList<DeadLetterDocument>> ListAsync(CancellationToken cancellation = default);

    /// <summary>The letter of that id, or null.</summary>
    Task<DeadLetterDocument?> FindAsync(string id, CancellationToken cancellation = default);

    /// <summary>Sends the message to its queue again; the letter stays and says so. Returns when the transport has taken it.</summary>
    /// <exception cref="BadInputException">There is no such letter, it cannot be read, or nobody has its queue.</exception>
    Task<DeadLetterDocument> ReplayAsync(string id, CancellationToken cancellation = default);
}
