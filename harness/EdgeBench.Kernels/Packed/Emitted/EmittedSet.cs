using EdgeBench.Kernels.Emitted;

namespace EdgeBench.Kernels.Packed.Emitted;

/// <summary>A kernel set of machine code that is written when a format is first used.</summary>
/// <param name="name">Of the set.</param>
/// <param name="instructions">Null where the processor has what the code needs, otherwise what it needs.</param>
/// <param name="emit">The code of a format.</param>
internal sealed class EmittedSet(string name, string? instructions, Func<PackedFormat, FormatCode> emit) : KernelSet
{
    private readonly Dictionary<PackedFormat, Lazy<FormatKernels>> _formats =
        PackedFormat.All.ToDictionary(format => format, format => new Lazy<FormatKernels>(() => new(emit(format))));

    public override string Name => name;

    public override string? Missing { get; } = instructions ?? ExecutableMemory.Missing;

    internal override void Multiply(in PackedTask task) => EmittedProduct.Run(_formats[task.Weights.Layout].Value, task);
}
