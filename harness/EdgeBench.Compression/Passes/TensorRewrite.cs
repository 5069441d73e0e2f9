using EdgeBench.Core.Artifacts;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>A pass that changes tensor types and nothing else: the same tensors in the same order, streamed into a new file.</summary>
internal static class TensorRewrite
{
    /// <summary>
    /// Writes atomically. Returns the error of every tensor that changed. Throws <see cref="EdgeBenchException"/> before writing where a type cannot be
    /// read or the disk is too small.
    /// </summary>
    /// <param name="importance">Weights of a tensor's columns; empty for a tensor without.</param>
    public static IReadOnlyList<TensorError> Run(
        GgufFile input, string outputPath, TypePlan plan, IEnumerable<KeyValuePair<string, GgufValue>> metadata, CancellationToken cancellation,
        Func<GgufTensor, float[]>? importance = null)
    {
        RefuseUnreadable(input, plan);
        using TensorReader reader = new(input);
        List<TensorError> errors = [];
        GgufTensorSource[] tensors =
        [
            .. input.Tensors.Select(tensor =>
            {
                GgmlType type = TypeOf(tensor, plan);
                return new GgufTensorSource(tensor.Name, type, tensor.Dimensions, output =>
                {
                    if (Write(input, reader, tensor, type, importance?.Invoke(tensor) ?? [], output, cancellation) is { } error)
                        errors.Add(new TensorError(tensor.Name, TypeReadback.Name(type), error.Relative, Note: plan.Note(tensor)));
                });
            }),
        ];
        WriteFile(outputPath, metadata, tensors);
        return errors;
    }

    /// <summary>The same tensors, with other metadata. Writes atomically.</summary>
    public static void Copy(GgufFile input, string outputPath, IEnumerable<KeyValuePair<string, GgufValue>> metadata, CancellationToken cancellation)
    {
        using TensorReader reader = new(input);
        WriteFile(outputPath, metadata,
        [
            .. input.Tensors.Select(tensor => new GgufTensorSource(tensor.Name, tensor.Type, tensor.Dimensions,
                output => TensorStream.Write(reader, tensor, tensor.Type, [], output, cancellation))),
        ]);
    }

    /// <summary>Writes atomically. Throws <see cref="EdgeBenchException"/> (infrastructure) before writing where the disk is too small, or when it fills.</summary>
    public static void WriteFile(string outputPath, IEnumerable<KeyValuePair<string, GgufValue>> metadata, GgufTensorSource[] tensors)
    {
        KeyValuePair<string, GgufValue>[] entries = [.. metadata];
        string folder = Path.GetDirectoryName(Path.GetFullPath(outputPath))!;
        DiskSpace.Require(folder, GgufWriter.Measure(entries, tensors), Path.GetFileName(outputPath));
        try
        {
            GgufWriter.Write(outputPath, entries, tensors);
        }
        catch (IOException exception) when (DiskSpace.IsFull(exception))
        {
            throw DiskSpace.Full(folder, Path.GetFileName(outputPath), exception);
        }
    }

    // Integers and other types that are no weights pass through as they are.
    internal static GgmlType TypeOf(GgufTensor tensor, TypePlan plan) =>
        MatrixTargets.PartOf(tensor) is null && !TensorCodec.CanDecode(tensor.Type) ? tensor.Type : plan.Feasible(tensor.Name, tensor.Dimensions);

    internal static void RefuseUnreadable(GgufFile input, TypePlan plan)
    {
        foreach (GgufTensor tensor in input.Tensors.Where(t => TypeOf(t, plan) != t.Type && !TensorCodec.CanDecode(t.Type)))
        {
            throw EdgeBenchException.BadInput(
                $"tensor {tensor.Name} has the type {tensor.Type}, which cannot be dequantised", $"one of {string.Join(", ", TensorCodec.Decodable)}",
                "Start from the model's F16 or Q8_0 file, or use the recipe [] to run the file as it is.", input.Path);
        }
    }

    internal static SquaredError? Write(
        GgufFile input, TensorReader reader, GgufTensor tensor, GgmlType type, float[] importance, Stream output, CancellationToken cancellation)
    {
        try
        {
            return TensorStream.Write(reader, tensor, type, importance, output, cancellation);
        }
        catch (AggregateException exception) when (exception.Flatten().InnerExceptions is [TensorStream.UnfitTensorException, ..])
        {
            throw TensorStream.Unfit(input, tensor, type);
        }
        catch (AggregateException exception) when (exception.Flatten().InnerExceptions is [EdgeBenchException problem, ..])
        {
            throw new EdgeBenchException(problem.ExitCode, problem.Problems, exception);
        }
    }
}
