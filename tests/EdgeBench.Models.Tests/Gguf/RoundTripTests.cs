using CsCheck;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Gguf;

public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_value_and_every_tensor_comes_back()
    {
        GgufWriter.Write(_folder.File("a.gguf"), SmallFile.Metadata, SmallFile.Tensors);
        Assert.Equal(GgufWriter.Measure(SmallFile.Metadata, SmallFile.Tensors), new FileInfo(_folder.File("a.gguf")).Length);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        MetadataAssert.Same(SmallFile.Metadata, file.Metadata);
        Assert.Equal(["norm", "embedding", "matrix"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(3, file.Version);
        Assert.Equal(12 + 40 + 68, file.WeightBytes);
        Assert.Equal(3 + 20 + 64, file.Parameters);
        Assert.Equal([("Q8_0", 1, 64L, 68L), ("F16", 1, 20L, 40L), ("F32", 1, 3L, 12L)],
            file.Types.Select(usage => (usage.Type, usage.Tensors, usage.Elements, usage.Bytes)));
        foreach (GgufTensor tensor in file.Tensors)
        {
            Assert.Equal(0, tensor.Offset % 32);
            byte fill = tensor.Name switch { "norm" => 1, "embedding" => 2, _ => 3 };
            Assert.All(file.Data(tensor).ToArray(), value => Assert.Equal(fill, value));
        }
    }

    [Fact]
    public void A_files_own_alignment_is_kept()
    {
        GgufWriter.Write(_folder.File("a.gguf"), [new("general.alignment", GgufValue.From(256u))], SmallFile.Tensors);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        Assert.All(file.Tensors, tensor => Assert.Equal(0, tensor.Offset % 256));
    }

    [Fact]
    public void A_source_that_writes_too_little_leaves_no_file()
    {
        GgufTensorSource source = new("short", GgmlType.F32, [8], stream => stream.Write(new byte[31]));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => GgufWriter.Write(_folder.File("a.gguf"), [], [source]));
        Assert.Contains("31 bytes", error.Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Repeated_names_and_broken_rows_are_refused_before_writing()
    {
        GgufTensorSource tensor = SmallFile.Tensor("a", GgmlType.F32, [2], 0);
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(_folder.File("a.gguf"), [], [tensor, tensor]));
        GgufTensorSource rows = new("rows", GgmlType.Q8_0, [16, 2], _ => { });
        Assert.Throws<ArgumentException>(() => GgufWriter.Write(_folder.File("a.gguf"), [], [rows]));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Plain_types_are_decoded_to_what_was_encoded() =>
        Gen.Float[-1000f, 1000f].Array[64].Sample(values =>
        {
            foreach ((GgmlType type, float relative) in new[] { (GgmlType.F32, 0f), (GgmlType.F16, 0.0005f), (GgmlType.BF16, 0.004f) })
            {
                byte[] bytes = new byte[type.Bytes(values.Length)];
                TensorCodec.Encode(type, values, bytes);
                float[] back = new float[values.Length];
                TensorCodec.Decode(type, bytes, back);
                for (int i = 0; i < values.Length; i++) Assert.InRange(MathF.Abs(back[i] - values[i]), 0, (MathF.Abs(values[i]) * relative) + (relative * 1e-3f));
            }
        }, iter: 200);

    [Fact]
    public void A_type_that_cannot_be_read_yet_is_named_with_those_that_can()
    {
        GgufWriter.Write(_folder.File("a.gguf"), [], [SmallFile.Tensor("k", GgmlType.IQ2_XXS, [256], 0)]);
        using GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        string message = Assert.Throws<EdgeBenchException>(() => file.Dequantise(file.Tensors[0], 0, new float[256])).Message;
        Assert.Contains("IQ2_XXS", message);
        Assert.Contains("Q8_0", message);
    }

    [Fact]
    public void A_number_that_F16_cannot_hold_is_refused_and_an_infinity_that_was_there_stays()
    {
        float[] values = [.. Enumerable.Repeat(1f, 100)];
        values[3] = float.NegativeInfinity;
        byte[] bytes = new byte[200];
        TensorCodec.Encode(GgmlType.F16, values, bytes);
        values[77] = 65520;
        Assert.Contains("Element 77 is 65520", Assert.Throws<NotFiniteNumberException>(() => TensorCodec.Encode(GgmlType.F16, values, bytes)).Message);
    }

    [Fact]
    public void Data_outside_of_a_tensor_is_refused()
    {
        GgufWriter.Write(_folder.File("a.gguf"), SmallFile.Metadata, SmallFile.Tensors);
        GgufFile file = GgufFile.Open(_folder.File("a.gguf"));
        GgufTensor tensor = file.Find("matrix")!;
        Assert.Equal(1, file.Data(tensor, tensor.Bytes - 1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Data(tensor, tensor.Bytes, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Data(tensor, -1, 1));
        Assert.Throws<ArgumentException>(() => file.Data(tensor with { Bytes = 1 << 30 }));
        Assert.Throws<ArgumentException>(() => file.Dequantise(tensor, 1, new float[32]));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Data(tensor));
    }
}
