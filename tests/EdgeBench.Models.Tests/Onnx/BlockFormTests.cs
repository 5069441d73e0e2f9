using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Export;

namespace EdgeBench.Models.Tests.Onnx;

/// <summary>Levels, scales and minima as the exporter reads them, against the decoders of the same types.</summary>
public class BlockFormTests
{
    public static TheoryData<GgmlType> Types => [.. BlockForm.Types.Intersect(TensorCodec.Decodable)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Levels_scales_and_minima_mean_what_the_decoder_says(GgmlType type)
    {
        const int Blocks = 40;
        BlockForm form = BlockForm.Find(type)!;
        GgmlTypeInfo info = type.Info();
        byte[] bytes = Random(info, Blocks);
        int elements = Blocks * info.BlockSize, groups = elements / form.Group;
        byte[] levels = new byte[elements];
        float[] scales = new float[groups], minima = new float[form.HasMinimum ? groups : 0], expected = new float[elements];
        form.Decode(bytes, levels, scales, minima);
        TensorCodec.Decode(type, bytes, expected);
        Assert.All(levels, level => Assert.InRange(level, 0, (1 << form.Bits) - 1));
        for (int i = 0; i < elements; i++)
        {
            float scale = scales[i / form.Group];
            float value = form.HasMinimum ? (levels[i] * scale) + minima[i / form.Group] : (levels[i] - form.ZeroPoint) * scale;
            Assert.Equal(expected[i], value);
        }
    }

    [Fact]
    public void Every_block_type_that_can_be_read_is_covered() =>
        Assert.Superset(TensorCodec.Decodable.Where(type => type.Info().IsQuantised).ToHashSet(), BlockForm.Types.ToHashSet());

    // Random bytes with float16 scales that are finite and ordinary wherever a pair of bytes may be one: no exponent of 31.
    private static byte[] Random(GgmlTypeInfo info, int blocks)
    {
        byte[] bytes = new byte[blocks * info.BlockBytes];
        new Random(5).NextBytes(bytes);
        for (int i = 1; i < bytes.Length; i += 2) bytes[i] &= 0xBB;
        return bytes;
    }
}
