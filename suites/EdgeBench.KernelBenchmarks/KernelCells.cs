using System.Text.Json;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Metrics;
using EdgeBench.KernelBenchmarks.Cases;
using EdgeBench.KernelBenchmarks.Measuring;
using EdgeBench.Kernels.Packed;
using EdgeBench.Running.Journal;

namespace EdgeBench.KernelBenchmarks;

/// <summary>A kernel as a cell of a run: model, format, kernel set and operation stand where model, recipe, backend and workload do.</summary>
internal static class KernelCells
{
    public const string Device = "local";

    // Raised whenever the same kernel would be measured differently.
    private const int MeasuringVersion = 1;

    private static readonly JsonElement s_none = JsonSerializer.SerializeToElement(new { }, EdgeBenchJson.Options);

    public static JournalCell Of(KernelCase one, DeviceFacts device, BenchmarkJob job) => new()
    {
        Key = Key(one, device, job),
        Cell = new Cell(one.Id, new ModelSpec { Name = one.Model, Source = $"random:{one.Model}" }, new RecipeSpec(one.Format, []), new BackendSpec(one.Kernel, "kernels", s_none),
            new DeviceSpec(Device), new WorkloadSpec(one.Operation, KernelFigures.WorkloadType, one.Test, one.Threads, s_none)),
        Tier = Tier.Measured,
        PlannedTrials = 1,
        MinSamples = job.LeastStretches,
        MinDuration = 0,
        ExpectedMetrics = [MetricRegistry.KernelTime.Name, MetricRegistry.OperationRate.Name, MetricRegistry.ByteRate.Name],
        IsQuality = false,
    };

    // Another build of the kernels is another kernel.
    private static string Key(KernelCase one, DeviceFacts device, BenchmarkJob job) => ContentHash.OfText(EdgeBenchJson.Serialize(new
    {
        MeasuringVersion,
        Kernel = one.Id,
        Build = typeof(PackedProduct).Module.ModuleVersionId,
        Device = device.Id,
        device.Processor,
        device.Cores,
        device.InstructionSets,
        Job = job.Words,
    }));
}
