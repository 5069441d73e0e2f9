using CsCheck;
using EdgeBench.Compression.Passes;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Tests;

public class TensorChunksTests
{
    [Fact]
    public void Parts_follow_each_other_and_with_importance_are_whole_rows_of_one_matrix() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 9], Gen.Int[1, 3], Gen.Int[32, 400], Gen.Bool).Sample((blocks, rows, experts, about, byRows) =>
        {
            int columns = 32 * blocks;
            about = byRows ? about : about / 32 * 32;
            long[] dimensions = experts == 1 ? [columns, rows] : [columns, rows, experts];
            long elements = (long)columns * rows * experts;
            TensorChunks chunks = new(new GgufTensor("t", GgmlType.F32, dimensions, 0, elements * 4, elements), byRows, about);
            // One number for each expert and column, so that a wrong offset shows.
            float[] importance = [.. Enumerable.Range(0, columns * experts).Select(i => (float)i)];
            long at = 0;
            for (long chunk = 0; chunk < chunks.Count; chunk++)
            {
                Assert.Equal(at, chunks.Start(chunk));
                int length = chunks.Length(chunk);
                Assert.InRange(length, 1, chunks.Elements);
                Assert.Equal(0, length % 32);
                if (byRows)
                {
                    Assert.Equal((0L, 0), (at % columns, length % columns));
                    long expert = at / ((long)columns * rows);
                    Assert.Equal(expert, (at + length - 1) / ((long)columns * rows));
                    Assert.Equal(importance.AsSpan((int)expert * columns, columns), chunks.Importance(chunk, importance));
                    Assert.Equal(importance.AsSpan(0, columns), chunks.Importance(chunk, importance[..columns]));
                }
                else
                {
                    Assert.True(chunks.Importance(chunk, importance).IsEmpty);
                }
                at += length;
            }
            Assert.Equal(elements, at);
            Assert.Equal(elements, chunks.Start(chunks.Count));
        }, iter: 2000);
}
