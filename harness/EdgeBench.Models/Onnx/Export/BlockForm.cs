using System.Buffers.Binary;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>Levels of whole blocks.</summary>
/// <param name="levels">One byte for each element, not packed.</param>
/// <param name="scales">One for each group.</param>
/// <param name="minima">One for each group, or empty where the form has none.</param>
internal delegate void BlockDecoder(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima);

/// <summary>
/// A block format as whole levels, which ONNX Runtime computes with: element = (level − <see cref="ZeroPoint"/>) · scale, or level · scale + minimum with
/// <see cref="HasMinimum"/>. Every product that gives a scale or a minimum here is exact in float32 (11 by at most 8 significant bits).
/// Layouts: llama.cpp, <c>ggml-common.h</c> and <c>ggml-quants.c</c>.
/// </summary>
/// <param name="Bits">Width of a level as stored: 4 or 8.</param>
/// <param name="Group">Elements that share a scale.</param>
/// <param name="Shift">
/// Added to the levels of a form with minima when they are stored, so that the middle of their range is <see cref="ZeroPoint"/>: levels far from it would
/// multiply the rounding of activations.
/// </param>
internal sealed record BlockForm(GgmlType Type, int Bits, int Group, bool HasMinimum, BlockDecoder Decode, int Shift = 0)
{
    private static readonly sbyte[] s_iq4Values = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    private static readonly BlockForm[] s_forms =
    [
        new(GgmlType.Q4_0, 4, 32, false, Nibbles),
        new(GgmlType.Q4_1, 4, 32, true, Nibbles),
        new(GgmlType.Q5_0, 8, 32, false, Fives),
        new(GgmlType.Q5_1, 8, 32, true, Fives, 128 - 16),
        new(GgmlType.Q8_0, 8, 32, false, Bytes),
        new(GgmlType.IQ4_NL, 8, 32, false, TableNibbles),
        new(GgmlType.Q2_K, 4, 16, true, SuperBlocks.Q2, 8 - 2),
        new(GgmlType.Q3_K, 4, 16, false, SuperBlocks.Q3),
        new(GgmlType.Q4_K, 4, 32, true, SuperBlocks.Q4),
        new(GgmlType.Q5_K, 8, 32, true, SuperBlocks.Q5, 128 - 16),
        new(GgmlType.Q6_K, 8, 16, false, SuperBlocks.Q6),
    ];

    public static IEnumerable<GgmlType> Types => s_forms.Select(form => form.Type);

    /// <summary>The level that means zero where there is no minimum; MatMulNBits' default.</summary>
    public int ZeroPoint => 1 << (Bits - 1);

    public static BlockForm? Find(GgmlType type) => Array.Find(s_forms, form => form.Type == type);

    // d, (m,) 16 bytes whose low nibbles are elements 0–15 and whose high ones are 16–31.
    private static void Nibbles(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        int head = minima.IsEmpty ? 2 : 4;
        for (int b = 0; b < scales.Length; b++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(b * (head + 16), head + 16);
            Head(block, b, scales, minima);
            for (int j = 0; j < 16; j++)
            {
                byte pair = block[head + j];
                levels[(b * 32) + j] = (byte)(pair & 15);
                levels[(b * 32) + j + 16] = (byte)(pair >> 4);
            }
        }
    }

    // d, (m,) 4 bytes with the fifth bits, then nibbles. Without a minimum a level is shifted so that 16 becomes 128.
    private static void Fives(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        int head = minima.IsEmpty ? 2 : 4, shift = minima.IsEmpty ? 128 - 16 : 0;
        for (int b = 0; b < scales.Length; b++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(b * (head + 20), head + 20);
            Head(block, b, scales, minima);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(block[head..]);
            for (int j = 0; j < 16; j++)
            {
                byte pair = block[head + 4 + j];
                levels[(b * 32) + j] = (byte)((pair & 15) + ((high >> j & 1) << 4) + shift);
                levels[(b * 32) + j + 16] = (byte)((pair >> 4) + ((high >> (j + 16) & 1) << 4) + shift);
            }
        }
    }

    private static void Bytes(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        for (int b = 0; b < scales.Length; b++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(b * 34, 34);
            Head(block, b, scales, minima);
            for (int j = 0; j < 32; j++) levels[(b * 32) + j] = (byte)(block[2 + j] ^ 0x80);
        }
    }

    private static void TableNibbles(ReadOnlySpan<byte> blocks, Span<byte> levels, Span<float> scales, Span<float> minima)
    {
        Nibbles(blocks, levels, scales, minima);
        for (int i = 0; i < scales.Length * 32; i++) levels[i] = (byte)(s_iq4Values[levels[i]] + 128);
    }

    private static void Head(ReadOnlySpan<byte> block, int index, Span<float> scales, Span<float> minima)
    {
        scales[index] = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        if (!minima.IsEmpty) minima[index] = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
    }
}
