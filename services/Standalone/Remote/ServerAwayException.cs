namespace TransferPipeline.Standalone.Remote;

/// <summary>The server cannot be reached, or cannot answer for now.</summary>
internal sealed class ServerAwayException(string message) : Exception(message);
