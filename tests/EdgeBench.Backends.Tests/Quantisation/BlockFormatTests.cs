using System.Runtime.InteropServices;
using EdgeBench.Models.Gguf;
using EdgeBench.Testing;

namespace EdgeBench.Backends.Tests.Quantisation;

/// <summary>Every block format against llama.cpp's own functions.</summary>
public class BlockFormatTests
{
    private static readonly GgmlType[] s_written =
        [GgmlType.Q8_0, GgmlType.Q4_0, GgmlType.Q4_1, GgmlType.Q5_0, GgmlType.Q5_1, GgmlType.Q4_K, GgmlType.Q5_K, GgmlType.Q6_K];

    public static TheoryData<GgmlType> Read => [.. s_written, GgmlType.Q2_K, GgmlType.Q3_K, GgmlType.IQ4_NL];

    public static TheoryData<GgmlType, string> Written =>
        [.. s_written.SelectMany(type => new[] { "normal", "laplace", "outliers", "positive", "mixed" }.Select(kind => (type, kind)))];

    [Theory]
    [MemberData(nameof(Read))]
    public void Any_blocks_mean_what_llama_cpp_says(GgmlType type)
    {
        // Random bytes, of which some are infinities and NaNs as scales; those must agree as well.
        byte[] blocks = new byte[200 * type.Info().BlockBytes];
        new Random((int)type).NextBytes(blocks);
        float[] ours = new float[200 * type.Info().BlockSize];
        TensorCodec.Decode(type, blocks, ours);
        Assert.Equal(Bits(GgmlQuantiser.Dequantise(type, blocks, ours.Length)), Bits(ours));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Rows_become_the_bytes_that_llama_cpp_writes(GgmlType type, string kind)
    {
        float[] rows = SampleRows.Of(kind, 24);
        byte[] ours = new byte[type.Bytes(rows.Length)];
        TensorCodec.Encode(type, rows, ours);
        Check(type, rows, null, GgmlQuantiser.Quantise(type, rows, SampleRows.Columns), ours);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Rows_with_importance_become_the_bytes_that_llama_cpp_writes(GgmlType type, string kind)
    {
        float[] rows = SampleRows.Of(kind, 24);
        foreach (float[] importance in new[] { SampleRows.Importance(false), SampleRows.Importance(true) })
        {
            byte[] ours = new byte[type.Bytes(rows.Length)];
            TensorCodec.Encode(type, rows, importance, ours);
            Check(type, rows, importance, GgmlQuantiser.Quantise(type, rows, SampleRows.Columns, importance), ours);
        }
    }

    [Theory]
    [InlineData(GgmlType.Q4_K)]
    [InlineData(GgmlType.Q5_K)]
    [InlineData(GgmlType.Q6_K)]
    public void A_published_tensor_loses_no_more_than_in_llama_cpp(GgmlType type)
    {
        using GgufFile file = GgufFile.Open(RepositoryFiles.Shared("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        GgufTensor tensor = file.Find("blk.7.ffn_down.weight")!;
        float[] rows = new float[tensor.RowLength * 96];
        file.Dequantise(tensor, 0, rows);
        byte[] ours = new byte[type.Bytes(rows.Length)];
        TensorCodec.Encode(type, rows, ours);
        Check(type, rows, null, GgmlQuantiser.Quantise(type, rows, (int)tensor.RowLength), ours);
    }

    // The pinned library for x64 has no fused arithmetic, so bytes agree; one that fuses may take another of two levels that are as good.
    private static void Check(GgmlType type, float[] rows, float[]? importance, byte[] theirs, byte[] ours)
    {
        double ourError = Error(type, rows, importance, ours), theirError = Error(type, rows, importance, theirs);
        Assert.InRange(ourError, 0, (theirError * 1.01) + 1e-12);
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Assert.Equal(theirs, ours);
    }

    private static double Error(GgmlType type, float[] rows, float[]? importance, byte[] blocks)
    {
        float[] back = new float[rows.Length];
        TensorCodec.Decode(type, blocks, back);
        return rows.Select((value, i) => (importance?[i % importance.Length] ?? 1) * Math.Pow(value - back[i], 2)).Sum();
    }

    private static uint[] Bits(float[] values) => Array.ConvertAll(values, value => float.IsNaN(value) ? 0x7FC0_0000 : BitConverter.SingleToUInt32Bits(value));
}
