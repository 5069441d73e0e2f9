using EdgeBench.Running.Planning;

namespace EdgeBench.KernelBenchmarks.Cases;

/// <summary>Every kernel on every shape.</summary>
public static class KernelCatalog
{
    /// <summary>Name of the specification in every family.</summary>
    internal const string Scalar = "scalar";

    internal static IReadOnlyList<ICaseSource> Sources { get; } = [new PackedProducts(), new PackedActivations(), new DenseProducts(), new BlockConversions(), new RowKernels(), new AttentionKernels()];

    /// <summary>Keys of <c>--filter</c>.</summary>
    public static IReadOnlyList<string> Keys => [.. Vocabulary.Keys.Select(key => key.Name)];

    internal static FilterVocabulary<KernelCase> Vocabulary { get; } = new(one => one.Id, "format=q4_0",
    [
        new("operation", one => one.Operation),
        new("format", one => one.Format),
        new("kernel", one => one.Kernel),
        new("shape", one => one.Shape),
        new("model", one => one.Model),
        new("count", one => one.Count.ToString()) { IsNumber = true },
        new("threads", one => one.Threads.ToString()) { IsNumber = true },
    ]);

    /// <summary>In the order in which they are measured: kernels of one matrix beside each other.</summary>
    internal static IReadOnlyList<KernelCase> All(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return [.. Sources.SelectMany(source => source.Cases(threads))];
    }
}
