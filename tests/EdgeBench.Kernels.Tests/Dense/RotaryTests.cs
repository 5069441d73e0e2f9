using CsCheck;
using EdgeBench.Kernels.Dense;

namespace EdgeBench.Kernels.Tests.Dense;

public class RotaryTests
{
    private static readonly Gen<(bool Interleaved, int Pairs, int More, int Position, int Seed)> s_case =
        Gen.Select(Gen.Bool, Gen.Int[1, 40], Gen.Int[0, 5], Gen.Int[0, 3000], Gen.Int[0, 1 << 30]);

    [Fact]
    public void Each_pair_turns_by_its_angle_and_the_rest_of_a_head_stays() => s_case.Sample((interleaved, pairs, rest, position, seed) =>
    {
        int dimensions = 2 * pairs, head = dimensions + rest;
        float[] factors = [.. Matrices.Random(pairs, seed).Select(value => 1.5f + value)], row = Matrices.Random(2 * head, seed + 1), expected = (float[])row.Clone();
        for (int at = 0; at < row.Length; at += head)
        {
            for (int j = 0; j < pairs; j++)
            {
                int first = at + (interleaved ? 2 * j : j), second = first + (interleaved ? 1 : pairs);
                (double sine, double cosine) = Math.SinCos(position / 2.0 * Math.Pow(10_000, -2.0 * j / dimensions) / factors[j]);
                expected[first] = (float)(1.25 * ((row[first] * cosine) - (row[second] * sine)));
                expected[second] = (float)(1.25 * ((row[second] * cosine) + (row[first] * sine)));
            }
        }
        Rotary rotary = new(interleaved, dimensions, 10_000, 2, factors, 1.25);
        rotary.Reserve(position / 2);
        rotary.Reserve(position + 1);
        rotary.Turn(row, head, position);
        Matrices.Near(expected, row, 20);
    }, iter: 200);

    [Fact]
    public void Odd_dimensions_and_a_wrong_number_of_factors_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Rotary(false, 7, 10_000));
        Assert.Throws<ArgumentException>(() => new Rotary(false, 8, 10_000, 1, new float[3]));
    }
}
