using EdgeBench.Core.Devices;
using EdgeBench.Core.Wire;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Devices.Probes;

/// <summary>
/// What memory and processors reach at best: loops that only read, only multiply and add. Passes of all loops take turns, so that a machine that others use meanwhile, or
/// that slows down, does so to all of them; the best pass is the peak, and the median beside it tells how quiet the machine was.
/// </summary>
public static class PeakProbe
{
    private const int Rounds = 9;

    /// <summary>Blocks for about two seconds, more where memory is slow. Throws <see cref="OperationCanceledException"/> between two passes.</summary>
    public static PeakReport Measure(SystemRoot root, DeviceFacts device, PeakQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(query);
        if (device.Emulated) return new PeakReport([], ["no peaks: the device is emulated, and an emulator's speed says nothing about it"]);
        int[] threads = query.Threads.Count > 0 ? [.. query.Threads.Distinct().Order()] : [.. new[] { 1, device.Cores }.Distinct()];
        using ReadBuffer? buffer = ReadBuffer.TryAllocate(root, device, out string? why);
        List<string> missing = why is null ? [] : [why];
        PeakKind[] kinds = [.. Enum.GetValues<PeakKind>().Where(kind => kind != PeakKind.Read || buffer is not null)];
        foreach (PeakKind kind in kinds.Where(kind => kind is PeakKind.F32 or PeakKind.Int8 && PeakLoops.Supported(kind).Count == 0))
            missing.Add($"no {Name(kind)} peak: there is no loop for this processor's instructions");
        PeakPass[] passes =
        [
            .. from kind in kinds from count in threads from loop in PeakLoops.Supported(kind) select new PeakPass(loop, count, buffer),
        ];
        double[][] rates = [.. passes.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < passes.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                rates[i][round] = passes[i].Run();
            }
        }
        return new PeakReport([.. passes.Zip(rates, Figure)], missing);
    }

    /// <summary>The kind as files and messages spell it.</summary>
    public static string Name(PeakKind kind) => kind.ToString().ToLowerInvariant();

    private static PeakFigure Figure(PeakPass pass, double[] rates) =>
        new(Name(pass.Kind), pass.Instructions, pass.Threads, pass.Unit, rates.Max(), rates.Order().ElementAt(rates.Length / 2), rates.Length, pass.Bytes);
}
