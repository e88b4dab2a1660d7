using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Hub;

/// <summary>
/// Fetches files into a folder. A file has its name once it is whole and its hash is the listed one; before that it lies
/// beside as <c>NAME.partial</c>, which a later attempt goes on from.
/// </summary>
internal sealed class HubDownload(HubClient client, HubAddress hub, HubName model, string commit, string folder)
{
    /// <param name="at">Told how many bytes are here.</param>
    public async Task FetchAsync(HubFile file, Action<long> at, CancellationToken cancellation)
    {
        var path = Path.Combine(folder, file.Name);
        if (File.Exists(path))
            return;
        var partial = $"{path}.partial";
        var tag = $"{path}.etag";
        await using (var to = Open(partial))
        {
            if (to.Length > file.Size)
                to.SetLength(0);
            if (to.Length < file.Size || file.Size == 0)
                await client.PatientlyAsync(
                    () => GoOnAsync(file, to, tag, at, cancellation),
                    () => to.Length,
                    cancellation
                );
            if (await DifferenceAsync(file, to, cancellation) is { } difference)
            {
                File.Delete(partial);
                File.Delete(tag);
                throw new BadInputException($"{hub.Root}{model.Name}: {file.Name} {difference}; nothing was stored");
            }
        }
        File.Delete(tag);
        File.Move(partial, path);
    }

    /// <summary>How much of a file is here already, in bytes.</summary>
    public long Here(HubFile file)
    {
        var partial = new FileInfo(Path.Combine(folder, $"{file.Name}.partial"));
        return File.Exists(Path.Combine(folder, file.Name)) ? file.Size
            : partial.Exists ? partial.Length
            : 0;
    }

    private static FileStream Open(string partial)
    {
        try
        {
            return new(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new BadInputException($"{partial}: is another pull at work on it? {taken.Message}");
        }
    }

    private async Task<long> GoOnAsync(
        HubFile file,
        FileStream to,
        string tag,
        Action<long> at,
        CancellationToken cancellation
    )
    {
        var from = to.Length;
        var known = from > 0 && File.Exists(tag) ? await File.ReadAllTextAsync(tag, cancellation) : null;
        using var answer = await client.GetAsync(
            client.Place(model, commit, file),
            request =>
            {
                if (from == 0)
                    return;
                request.Headers.Range = new RangeHeaderValue(from, null);
                if (EntityTagHeaderValue.TryParse(known, out var same))
                    request.Headers.IfRange = new RangeConditionHeaderValue(same);
            },
            cancellation
        );
        if (answer.StatusCode is HttpStatusCode.PartialContent && Begins(answer, file, from))
            to.Position = from;
        else if (answer.StatusCode is HttpStatusCode.OK)
            await BeginAsync(answer, to, tag, cancellation);
        else if (answer.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            to.SetLength(0);
            throw new HttpIOException(HttpRequestError.InvalidResponse, "another part came than was asked for");
        }
        else
            throw HubProblem.Of(answer, hub, model);
        await client.CopyAsync(answer, to, file.Size - to.Length, _ => at(to.Length), cancellation);
        return to.Length >= file.Size
            ? to.Length
            : throw new HttpIOException(HttpRequestError.ResponseEnded, $"{file.Name} ended before its end");
    }

    private static bool Begins(HttpResponseMessage answer, HubFile file, long from) =>
        answer.Content.Headers.ContentRange is { } range
        && range.From == from
        && (range.Length is null || range.Length == file.Size);

    /// <summary>From the beginning. Without a strong tag a later part can still be asked for: the hash tells in the end.</summary>
    private static async Task BeginAsync(
        HttpResponseMessage answer,
        FileStream to,
        string tag,
        CancellationToken cancellation
    )
    {
        to.SetLength(0);
        if (answer.Headers.ETag is { IsWeak: false } strong)
            await File.WriteAllTextAsync(tag, strong.ToString(), cancellation);
        else
            File.Delete(tag);
    }

    /// <summary>What the file has and should have; null where they are the same.</summary>
    private static async Task<string?> DifferenceAsync(HubFile file, FileStream arrived, CancellationToken cancellation)
    {
        arrived.Position = 0;
        using var hash = IncrementalHash.CreateHash(
            file.Sha256 is null ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256
        );
        if (file.Sha256 is null)
            hash.AppendData(
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {arrived.Length}\0"))
            );
        var buffer = new byte[1 << 16];
        while (await arrived.ReadAsync(buffer, cancellation) is var count and > 0)
            hash.AppendData(buffer.AsSpan(0, count));
        var (name, expected) = file.Sha256 is null ? ("git's SHA-1", file.Blob) : ("SHA-256", file.Sha256);
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found == expected ? null : $"arrived with {name} {found}; expected {expected}";
    }
}
