using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Models;
using EdgeBench.Models.Folders;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Training.Models;

/// <summary>The sizes of a model file that can be trained.</summary>
public static class TrainableShape
{
    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for a model that the trainable decoder does not compute as it is.</summary>
    public static DecoderShape Of(FloatTensors tensors, GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(file);
        // Factors of rotary embedding by frequency (Llama 3): they would be left out of the passes, and of the file.
        if (file.Tensors.FirstOrDefault(tensor => tensor.Name.StartsWith("rope_", StringComparison.Ordinal)) is { } factors)
            throw Refused($"Training of {tensors.Architecture.Name} is not supported: it has scaled positions ({factors.Name}).", file);
        try
        {
            return DecoderShape.Of(tensors.Architecture);
        }
        catch (NotSupportedException error)
        {
            throw Refused(error.Message, file);
        }
    }

    private static EdgeBenchException Refused(string offender, GgufFile file) => EdgeBenchException.BadInput(offender, "a Llama-shaped decoder: llama, qwen2 or qwen3", file: file.Path);
}
