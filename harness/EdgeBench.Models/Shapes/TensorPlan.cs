using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Shapes;

/// <summary>A tensor that a shape asks for.</summary>
/// <param name="Dimensions">ggml's order: row length (input) first.</param>
public sealed record PlannedTensor(string Name, TensorRole Role, IReadOnlyList<long> Dimensions)
{
    public long Elements => Dimensions.Aggregate(1L, (product, next) => checked(product * next));

    /// <summary>Whether it is a weight matrix: what compression works on. Norms and biases are none.</summary>
    public bool IsMatrix => Dimensions.Count == 2;
}

/// <summary>
/// Every tensor of a shape, without writing one. Names and dimensions: llama.cpp, <c>load_arch_tensors</c> of the architecture.
/// </summary>
public sealed class TensorPlan
{
    private static readonly string[] s_architectures = ["llama", "qwen2", "phi3"];

    private TensorPlan(TransformerShape shape, IReadOnlyList<PlannedTensor> tensors) => (Shape, Tensors) = (shape, tensors);

    /// <summary>Architectures whose tensors are known.</summary>
    public static IReadOnlyList<string> Architectures => s_architectures;

    public TransformerShape Shape { get; }

    public IReadOnlyList<PlannedTensor> Tensors { get; }

    /// <summary>Elements over all tensors; a shared embedding counts once.</summary>
    public long Parameters => Tensors.Sum(tensor => tensor.Elements);

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) with every rule that the shape breaks.</summary>
    public static TensorPlan For(TransformerShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        IReadOnlyList<Problem> problems = ShapeRules.Check(shape, s_architectures);
        return problems.Count == 0 ? new TensorPlan(shape, [.. All(shape)]) : throw new EdgeBenchException(ExitCode.BadInput, problems);
    }

    /// <summary>Bytes of all tensors where matrices have a type that depends on their name; everything else is F32.</summary>
    public long Bytes(Func<PlannedTensor, GgmlType> matrixType)
    {
        ArgumentNullException.ThrowIfNull(matrixType);
        return Tensors.Sum(tensor => tensor.IsMatrix ? BytesOf(tensor, matrixType(tensor)) : GgmlType.F32.Bytes(tensor.Elements));
    }

    /// <summary>Bytes of all tensors with matrices as <paramref name="matrices"/> (F16 where rows are no whole blocks) and the rest as F32.</summary>
    public long Bytes(GgmlType matrices) => Bytes(_ => matrices);

    private static long BytesOf(PlannedTensor tensor, GgmlType type) =>
        (tensor.Dimensions[0] % type.Info().BlockSize == 0 ? type : GgmlType.F16).Bytes(tensor.Elements);

    private static IEnumerable<PlannedTensor> All(TransformerShape shape)
    {
        yield return Matrix("token_embd.weight", shape.Width, shape.Vocabulary);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string block = $"blk.{layer}.";
            yield return Vector($"{block}attn_norm.weight", shape.Width);
            foreach (PlannedTensor tensor in Attention(shape, block)) yield return tensor;
            yield return Vector($"{block}ffn_norm.weight", shape.Width);
            foreach (PlannedTensor tensor in FeedForward(shape, block)) yield return tensor;
        }
        yield return Vector("output_norm.weight", shape.Width);
        if (!shape.TiedEmbeddings) yield return Matrix("output.weight", shape.Width, shape.Vocabulary);
    }

    private static IEnumerable<PlannedTensor> Attention(TransformerShape shape, string block)
    {
        long query = (long)shape.Heads * ShapeRules.HeadDim(shape), key = (long)shape.KvHeads * ShapeRules.HeadDim(shape);
        (string Name, long Rows)[] projections = shape.Architecture == "phi3"
            ? [("attn_qkv", query + key + key)]
            : [("attn_q", query), ("attn_k", key), ("attn_v", key)];
        foreach ((string name, long rows) in projections)
        {
            yield return Matrix($"{block}{name}.weight", shape.Width, rows);
            if (shape.AttentionBias) yield return Vector($"{block}{name}.bias", rows);
        }
        yield return Matrix($"{block}attn_output.weight", query, shape.Width);
    }

    // Phi-3 keeps gate and up in one matrix.
    private static IEnumerable<PlannedTensor> FeedForward(TransformerShape shape, string block)
    {
        if (shape.Architecture == "phi3")
        {
            yield return Matrix($"{block}ffn_up.weight", shape.Width, 2L * shape.Ffn);
        }
        else
        {
            yield return Matrix($"{block}ffn_gate.weight", shape.Width, shape.Ffn);
            yield return Matrix($"{block}ffn_up.weight", shape.Width, shape.Ffn);
        }
        yield return Matrix($"{block}ffn_down.weight", shape.Ffn, shape.Width);
    }

    private static PlannedTensor Matrix(string name, long rowLength, long rows) => new(name, TensorRole.Of(name), [rowLength, rows]);

    private static PlannedTensor Vector(string name, long length) => new(name, TensorRole.Of(name), [length]);
}
