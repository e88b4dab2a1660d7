using System.Buffers.Text;

namespace TransferPipeline.Orchestration.Api;

/// <summary>
/// The versions of a run and its steps that a reader has been told of. Written as the event's id, so that nothing about
/// readers need be kept anywhere.
/// </summary>
internal sealed class SeenVersions
{
    /// <summary>Beyond it ids would outgrow a header; such a stream begins anew instead.</summary>
    private const int MostSteps = 2000;

    private readonly int[] _versions;

    private SeenVersions(int[] versions) => _versions = versions;

    /// <summary>Reads a last event's id; what is not one of this run's has seen nothing.</summary>
    public static SeenVersions Parse(string id, int steps)
    {
        var versions = new int[steps + 1];
        return new SeenVersions(TryRead(id, versions) ? versions : new int[steps + 1]);
    }

    public bool IsNewRun(int version) => IsNew(0, version);

    public bool IsNewStep(int position, int version) => IsNew(position + 1, version);

    /// <summary>The id; empty for a run too large for one.</summary>
    public override string ToString()
    {
        if (_versions.Length > MostSteps)
            return "";
        var bytes = new List<byte>(_versions.Length);
        foreach (var version in _versions)
        {
            // Seven bits a byte, the lowest first: most versions are small.
            var rest = (uint)version;
            for (; rest >= 0x80; rest >>= 7)
                bytes.Add((byte)(rest | 0x80));
            bytes.Add((byte)rest);
        }
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    private bool IsNew(int position, int version)
    {
        var isNew = version != _versions[position];
        _versions[position] = version;
        return isNew;
    }

    private static bool TryRead(string id, int[] versions)
    {
        var bytes = new byte[id.Length];
        if (!Base64Url.IsValid(id) || !Base64Url.TryDecodeFromChars(id, bytes, out var length))
            return false;
        var (at, shift) = (0, 0);
        foreach (var part in bytes.AsSpan(0, length))
        {
            if (at == versions.Length || shift > 28)
                return false;
            versions[at] |= (part & 0x7F) << shift;
            (at, shift) = part >= 0x80 ? (at, shift + 7) : (at + 1, 0);
        }
        return at == versions.Length;
    }
}
