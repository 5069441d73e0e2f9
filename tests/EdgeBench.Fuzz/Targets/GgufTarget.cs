using EdgeBench.Models.Gguf;

namespace EdgeBench.Fuzz.Targets;

/// <summary>A GGUF header, and the place of every tensor that it names.</summary>
internal sealed class GgufTarget : IFuzzTarget
{
    public string Name => "gguf";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Written([new("general.architecture", GgufValue.From("llama"))], [Tensor("token_embd.weight", GgmlType.F16, [4, 5])]),
        Written(
            [
                new("general.alignment", GgufValue.From(64u)),
                new("a.bool", GgufValue.From(true)),
                new("a.float", GgufValue.From(1.5f)),
                new("a.texts", GgufValue.From(new GgufArray(GgufValueType.String, new[] { "", "ab", "naïve" }))),
                new("a.numbers", GgufValue.From(new GgufArray(GgufValueType.Int16, new short[] { 1, -2, 3 }))),
                new("a.nested", GgufValue.From(new GgufArray(GgufValueType.Array, new[] { new GgufArray(GgufValueType.Bool, new[] { true }) }))),
            ],
            [Tensor("norm", GgmlType.F32, [3]), Tensor("matrix", GgmlType.Q8_0, [32, 2]), Tensor("cube", GgmlType.Q4_0, [64, 2, 2])]),
    ];

    public void Execute(byte[] input)
    {
        GgufHeader header = GgufHeader.Read(new HeaderBytes(input, "input.gguf"), "input.gguf");
        foreach (GgufTensor tensor in header.Tensors)
        {
            if (tensor.Offset < 0 || tensor.Bytes < 0 || tensor.Offset > input.Length - tensor.Bytes || tensor.Elements < 1)
                throw new InvalidOperationException($"Tensor {tensor.Name} was accepted with {tensor.Bytes} bytes at {tensor.Offset} of {input.Length}.");
        }
    }

    private static byte[] Written(KeyValuePair<string, GgufValue>[] metadata, GgufTensorSource[] tensors)
    {
        string path = Path.Combine(Path.GetTempPath(), $"edgebench-fuzz-{Guid.NewGuid():N}.gguf");
        try
        {
            GgufWriter.Write(path, metadata, tensors);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static GgufTensorSource Tensor(string name, GgmlType type, long[] dimensions) =>
        new(name, type, dimensions, stream => stream.Write(new byte[type.Bytes(dimensions.Aggregate(1L, (product, next) => product * next))]));
}
