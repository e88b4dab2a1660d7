using System.Numerics;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>Counts lengths: each up to 4,096 by itself, longer ones by power of two.</summary>
internal sealed class LengthTally
{
    private const int Exact = 4096;

    private readonly long[] _counts = new long[Exact + 1];
    private readonly long[] _larger = new long[64];
    private long _rows;
    private long _sum;
    private long _least = long.MaxValue;
    private long _most;

    public void Add(int length)
    {
        if (length <= Exact)
            _counts[length]++;
        else
            _larger[BitOperations.Log2((uint)length - 1) + 1]++;
        _rows++;
        _sum += length;
        _least = Math.Min(_least, length);
        _most = Math.Max(_most, length);
    }

    public LengthStatistics Statistics() =>
        _rows == 0
            ? new LengthStatistics(0, 0, 0, 0, 0)
            : new LengthStatistics(_least, (double)_sum / _rows, Quantile(0.5), Quantile(0.95), _most);

    private long Quantile(double share)
    {
        var wanted = (long)Math.Ceiling(share * _rows);
        for (var length = 0; length <= Exact; length++)
            if ((wanted -= _counts[length]) <= 0)
                return length;
        for (var power = 0; power < _larger.Length; power++)
            if ((wanted -= _larger[power]) <= 0)
                return Math.Min(1L << power, _most);
        return _most;
    }
}
