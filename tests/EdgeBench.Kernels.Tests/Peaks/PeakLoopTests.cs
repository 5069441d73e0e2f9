using System.Diagnostics;
using EdgeBench.Kernels.Packed;
using EdgeBench.Kernels.Peaks;

namespace EdgeBench.Kernels.Tests.Peaks;

public class PeakLoopTests
{
    public static TheoryData<PeakKind, string> Supported => [.. PeakLoops.All.Where(loop => loop.IsSupported).Select(loop => (loop.Kind, loop.Instructions))];

    [Theory]
    [MemberData(nameof(Supported))]
    public unsafe void A_loop_runs_and_takes_longer_for_more(PeakKind kind, string instructions)
    {
        PeakLoop loop = Find(kind, instructions);
        byte[] data = GC.AllocateArray<byte>(1 << 20, pinned: true);
        long steps = kind == PeakKind.Read ? data.Length / (long)loop.OperationsPerStep : 200_000;
        fixed (byte* start = data)
        {
            loop.Run((nint)start, steps);
            TimeSpan few = Least(loop, (nint)start, steps / 100), many = Least(loop, (nint)start, steps);
            // A loop whose work the compiler threw away would take the same time for any number of steps.
            Assert.True(many > few * 4, $"{steps} steps took {many}, a hundredth of them {few}");
        }
    }

    [Fact]
    public unsafe void Reading_depends_on_every_byte()
    {
        const int Steps = 8;
        foreach (PeakLoop loop in PeakLoops.All.Where(loop => loop is { Kind: PeakKind.Read, IsSupported: true }))
        {
            byte[] data = new byte[Steps * (int)loop.OperationsPerStep];
            fixed (byte* start = data)
            {
                Assert.Equal(0, loop.Run((nint)start, Steps));
                for (int i = 0; i < data.Length; i++)
                {
                    data[i] = 1;
                    Assert.NotEqual(0, loop.Run((nint)start, Steps));
                    data[i] = 0;
                }
            }
        }
    }

    [Fact]
    public void Loops_have_names_of_their_own_and_every_processor_reads() => Assert.Multiple(
        () => Assert.Equal(PeakLoops.All.Count, PeakLoops.All.Select(loop => (loop.Kind, loop.Instructions)).Distinct().Count()),
        () => Assert.Single(PeakLoops.Supported(PeakKind.Read)),
        () => Assert.All(PeakLoops.All, loop => Assert.True(loop.OperationsPerStep > 0)));

    [Fact]
    public void Emitted_kernels_have_an_emitted_peak() =>
        Assert.Equal(KernelSets.All.Any(set => set is { Name: "avx512-vnni", IsSupported: true }), PeakLoops.Supported(PeakKind.Int8).Any(loop => loop.Instructions == "avx512-vnni"));

    private static PeakLoop Find(PeakKind kind, string instructions) => PeakLoops.All.Single(loop => loop.Kind == kind && loop.Instructions == instructions);

    private static TimeSpan Least(PeakLoop loop, nint data, long steps)
    {
        TimeSpan least = TimeSpan.MaxValue;
        for (int i = 0; i < 9; i++)
        {
            long start = Stopwatch.GetTimestamp();
            loop.Run(data, steps);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            if (took < least) least = took;
        }
        return least;
    }
}
