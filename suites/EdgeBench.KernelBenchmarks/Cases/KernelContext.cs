using EdgeBench.Core.Devices;
using EdgeBench.Devices;
using EdgeBench.Devices.Probes;
using EdgeBench.Engine.Inference.Threads;
using EdgeBench.KernelBenchmarks.Measuring;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>What kernels of one run share: threads, memory for the bandwidth probe, and the copies of weights that were used last.</summary>
internal sealed class KernelContext : IDisposable
{
    // Half of the probe's memory: four times the last caches.
    private const int PartOfBuffer = 2;

    private const long WithoutBuffer = 64L << 20;

    private readonly ReadBuffer? _buffer;
    private readonly HashSet<(string, string, string, int)> _seen = [];
    private WeightCopies? _copies;
    private (string, int, int) _ofCopies;

    public KernelContext(SystemRoot root, DeviceFacts device, int threads)
    {
        Root = root;
        _buffer = ReadBuffer.TryAllocate(root, device, out string? why);
        Missing = why;
        Crew = new Crew(threads);
        Peaks = new PeakRounds(threads, _buffer);
    }

    public SystemRoot Root { get; }

    public Crew Crew { get; }

    public PeakRounds Peaks { get; }

    /// <summary>Why there is no bandwidth probe; null where there is one.</summary>
    public string? Missing { get; }

    /// <summary>Bytes of all copies of a matrix together, at least.</summary>
    public long CopyBytes => _buffer?.Bytes / PartOfBuffer ?? WithoutBuffer;

    /// <summary>Whether no kernel of the same code has run yet.</summary>
    public bool IsNew(KernelCase one) => _seen.Add((one.Operation, one.Format, one.Kernel, one.Count));

    /// <summary>Those of the matrix before are given back.</summary>
    public WeightCopies Copies(string format, int rows, int columns)
    {
        if (_copies is { } there && _ofCopies == (format, rows, columns)) return there;
        _copies?.Dispose();
        (_copies, _ofCopies) = (WeightCopies.Create(format, rows, columns, CopyBytes), (format, rows, columns));
        return _copies;
    }

    public void Dispose()
    {
        _copies?.Dispose();
        _buffer?.Dispose();
        Crew.Dispose();
    }
}
