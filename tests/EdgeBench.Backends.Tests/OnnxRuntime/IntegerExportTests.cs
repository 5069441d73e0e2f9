using System.Buffers.Binary;
using EdgeBench.Core.Backends;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.OnnxRuntime;

/// <summary>Weights that meet integer kernels: the levels are the file's, only the activations are rounded.</summary>
public sealed class IntegerExportTests : IDisposable
{
    // Root of the mean squares of the change over that of the logits. Rounding activations to eight bits changes them by a few hundredths, wrong levels or
    // scales by about as much as they are.
    private const double Rounding = 0.1;

    private static readonly int[] s_tokens = OnnxFixture.Tokens(32, TinyDecoder.Vocabulary);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<GgmlType> BlockTypes => [.. BlockForm.Types.Intersect(TensorCodec.Encodable)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BlockTypes))]
    public void Block_types_run_with_activations_rounded_to_int8(GgmlType type)
    {
        string gguf = TinyDecoder.Write(_folder.File("tiny.gguf"), "llama", type);
        (float[][] expected, float[][] actual, _) = Both(TinyDecoder.Dequantised(gguf), gguf);
        Assert.InRange(Change(expected, actual), 1e-6, Rounding);
    }

    [Fact]
    public void Minima_that_are_whole_multiples_of_their_scales_become_zero_points()
    {
        string symmetric = TinyDecoder.Write(_folder.File("q4_0.gguf"), "llama", GgmlType.Q4_0), shifted = _folder.File("q4_1.gguf");
        Rewrite(symmetric, shifted, tensor => tensor.Type == GgmlType.Q4_0, (file, tensor) =>
        [
            new(tensor.Name, GgmlType.Q4_1, tensor.Dimensions, stream => stream.Write(Shifted(file.Data(tensor)))),
        ]);
        OnnxExportReport report = OnnxFixture.Export(shifted, _folder.File("shifted"));
        Assert.Contains(report.Tensors, tensor => tensor.To.StartsWith("MatMulNBits, 4 bits in groups of 32 with whole zero points", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Tensors, tensor => tensor.To.Contains("second product", StringComparison.Ordinal));
        Assert.Equal(0, report.MaxDeviation);
        OnnxFixture.Export(symmetric, _folder.File("symmetric"));
        using IBackendSession one = OnnxFixture.Open(_folder.File("symmetric")), other = OnnxFixture.Open(_folder.File("shifted"));
        Assert.InRange(OnnxFixture.LargestDifference(OnnxFixture.Rows(one, s_tokens), OnnxFixture.Rows(other, s_tokens)), 0, 1e-3f);
    }

    [Fact]
    public void Minima_that_are_none_become_a_second_product()
    {
        string gguf = TinyDecoder.Write(_folder.File("q4_1.gguf"), "llama", GgmlType.Q4_1);
        Assert.Contains(OnnxFixture.Export(gguf, _folder.File("onnx")).Tensors, tensor => tensor.To.Contains("with minima as a second product", StringComparison.Ordinal));
    }

    [Fact]
    public void Int8_rows_run_with_activations_scaled_at_run_time()
    {
        string gguf = TinyDecoder.Write(_folder.File("f32.gguf"), "llama");
        (float[][] expected, float[][] actual, string operators) = Both(gguf, Int8(gguf, null));
        Assert.InRange(Change(expected, actual), 1e-6, Rounding);
        // Four projections, gate, up and down of three layers less the joined ones, and the head.
        Assert.Contains("DynamicQuantizeMatMul 16", operators);
        Assert.DoesNotContain("FusedMatMul", operators);
    }

    [Fact]
    public void Int8_rows_with_static_scales_run_as_integer_products()
    {
        string gguf = TinyDecoder.Write(_folder.File("f32.gguf"), "llama");
        (float[][] expected, float[][] actual, string operators) = Both(gguf, Int8(gguf, 0.1f));
        // One scale for all inputs, not calibrated.
        Assert.InRange(Change(expected, actual), 1e-6, 3 * Rounding);
        Assert.Contains("MatMulIntegerToFloat 16", operators);
        Assert.DoesNotContain("DequantizeLinear", operators);
    }

    private static double Change(float[][] expected, float[][] actual)
    {
        double change = 0, size = 0;
        foreach ((float one, float other) in expected.SelectMany(row => row).Zip(actual.SelectMany(row => row))) (change, size) = (change + Math.Pow(one - other, 2), size + Math.Pow(one, 2));
        return Math.Sqrt(change / size);
    }

    private (float[][] Expected, float[][] Actual, string Operators) Both(string reference, string gguf)
    {
        OnnxFixture.Export(reference, _folder.File("reference"));
        OnnxFixture.Export(gguf, _folder.File("onnx"));
        using IBackendSession plain = OnnxFixture.Open(_folder.File("reference")), session = OnnxFixture.Open(_folder.File("onnx"));
        return (OnnxFixture.Rows(plain, s_tokens), OnnxFixture.Rows(session, s_tokens), session.Facts.Details["operators"]);
    }

    // The embedding stays as it is, so that its rounding is not part of the comparison.
    private string Int8(string source, float? inputScale)
    {
        string target = _folder.File("int8.gguf");
        Rewrite(source, target, tensor => tensor.Dimensions.Count == 2 && tensor.Name != "token_embd.weight", (file, tensor) => Int8Rows.Of(file, tensor, inputScale), untie: true);
        return target;
    }

    private static void Rewrite(string source, string target, Func<GgufTensor, bool> changes, Func<GgufFile, GgufTensor, List<GgufTensorSource>> change, bool untie = false)
    {
        using GgufFile file = GgufFile.Open(source);
        List<GgufTensorSource> tensors = [];
        foreach (GgufTensor tensor in file.Tensors)
        {
            if (changes(tensor)) tensors.AddRange(change(file, tensor));
            else tensors.Add(new(tensor.Name, tensor.Type, tensor.Dimensions, stream => stream.Write(file.Data(tensor))));
        }
        if (untie) tensors.AddRange(change(file, file.Find("token_embd.weight")!).Select(tensor => tensor with { Name = tensor.Name.Replace("token_embd", "output", StringComparison.Ordinal) }));
        GgufWriter.Write(target, file.Metadata, tensors);
    }

    // Q4_0 (d, levels) as Q4_1 (d, m = -8 d, levels).
    private static byte[] Shifted(ReadOnlySpan<byte> blocks)
    {
        byte[] target = new byte[blocks.Length / 18 * 20];
        for (int block = 0; block * 18 < blocks.Length; block++)
        {
            ReadOnlySpan<byte> from = blocks.Slice(block * 18, 18);
            Span<byte> to = target.AsSpan(block * 20, 20);
            from[..2].CopyTo(to);
            BinaryPrimitives.WriteHalfLittleEndian(to[2..], (Half)(-8 * (float)BinaryPrimitives.ReadHalfLittleEndian(from)));
            from[2..].CopyTo(to[4..]);
        }
        return target;
    }
}
