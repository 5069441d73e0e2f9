using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Gguf;

/// <summary>A valid file of a few hundred bytes with every type of metadata value and three tensors.</summary>
internal static class SmallFile
{
    public static IReadOnlyList<KeyValuePair<string, GgufValue>> Metadata { get; } =
    [
        new("general.architecture", GgufValue.From("llama")),
        new("a.u8", GgufValue.From((byte)200)),
        new("a.i8", GgufValue.From((sbyte)-3)),
        new("a.u16", GgufValue.From((ushort)60000)),
        new("a.i16", GgufValue.From((short)-30000)),
        new("a.u32", GgufValue.From(4_000_000_000u)),
        new("a.i32", GgufValue.From(-7)),
        new("a.u64", GgufValue.From(ulong.MaxValue)),
        new("a.i64", GgufValue.From(long.MinValue)),
        new("a.f32", GgufValue.From(1.5f)),
        new("a.f64", GgufValue.From(Math.PI)),
        new("a.bool", GgufValue.From(true)),
        new("a.text", GgufValue.From("naïve ☃")),
        new("a.texts", GgufValue.From(new GgufArray(GgufValueType.String, new[] { "", "ab" }))),
        new("a.floats", GgufValue.From(new GgufArray(GgufValueType.Float32, new[] { 1f, -2f }))),
        new("a.bools", GgufValue.From(new GgufArray(GgufValueType.Bool, new[] { true, false }))),
        new("a.nested", GgufValue.From(new GgufArray(GgufValueType.Array, new[] { new GgufArray(GgufValueType.Int32, new[] { 5 }) }))),
    ];

    public static IReadOnlyList<GgufTensorSource> Tensors { get; } =
    [
        Tensor("norm", GgmlType.F32, [3], 1),
        Tensor("embedding", GgmlType.F16, [4, 5], 2),
        Tensor("matrix", GgmlType.Q8_0, [32, 2], 3),
    ];

    public static byte[] Bytes()
    {
        using TemporaryFolder folder = new();
        GgufWriter.Write(folder.File("small.gguf"), Metadata, Tensors);
        return File.ReadAllBytes(folder.File("small.gguf"));
    }

    public static GgufTensorSource Tensor(string name, GgmlType type, long[] dimensions, byte fill)
    {
        byte[] data = new byte[type.Bytes(dimensions.Aggregate(1L, (a, b) => a * b))];
        data.AsSpan().Fill(fill);
        return new GgufTensorSource(name, type, dimensions, stream => stream.Write(data));
    }
}
