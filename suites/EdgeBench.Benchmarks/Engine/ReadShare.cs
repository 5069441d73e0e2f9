using EdgeBench.Devices;
using EdgeBench.Devices.Facts;
using EdgeBench.Devices.Probes;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Benchmarks.Engine;

/// <summary>Read bandwidth by as many threads as an engine has, probed between its turns: what decoding, which reads every weight once a token, cannot exceed.</summary>
internal sealed class ReadShare : IDisposable
{
    private const int Passes = 3;

    private readonly ReadBuffer _buffer;
    private readonly PeakPass _pass;
    private readonly List<double> _measured = [];

    public ReadShare(int threads)
    {
        SystemRoot root = SystemRoot.Real;
        _buffer = ReadBuffer.TryAllocate(root, LocalFacts.Read(root), out string? why) ?? throw new InvalidOperationException(why);
        _pass = new(PeakLoops.Supported(PeakKind.Read)[0], threads, _buffer);
    }

    /// <summary>GB/s, over all turns.</summary>
    public double Median => _measured.Order().ElementAt(_measured.Count / 2);

    /// <summary>Bytes a second: the best of a few passes.</summary>
    public double Measure()
    {
        double best = Enumerable.Range(0, Passes).Max(_ => _pass.Run());
        _measured.Add(best);
        return best * 1e9;
    }

    public void Dispose() => _buffer.Dispose();
}
