using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Statistics.Estimators;

/// <summary>
/// Readings of one metric of one cell in their two levels: sessions hold repetitions, repetitions hold readings. Readings of one
/// repetition depend on each other (token gaps of one generation), so a repetition is resampled as a whole.
/// </summary>
public sealed class SampleSet
{
    private SampleSet(double[] sorted, int[] block, int[] blockSize, int[][] sessions)
    {
        Sorted = sorted;
        Block = block;
        BlockSize = blockSize;
        Sessions = sessions;
    }

    /// <summary>Readings, ascending.</summary>
    public double[] Sorted { get; }

    /// <summary>Repetition of each reading in <see cref="Sorted"/>, counted over all sessions.</summary>
    public int[] Block { get; }

    /// <summary>Readings of each repetition.</summary>
    public int[] BlockSize { get; }

    /// <summary>Repetitions of each session.</summary>
    public int[][] Sessions { get; }

    /// <summary>Finite readings of the series named <paramref name="source"/> in the successful trials.</summary>
    public static SampleSet Of(string source, IEnumerable<StoredTrial> trials)
    {
        List<double> values = [];
        List<int> blocks = [], sizes = [];
        List<int[]> sessions = [];
        foreach (IGrouping<int, StoredTrial> session in trials.Where(trial => trial.Outcome.Failure is null).GroupBy(trial => trial.Session))
        {
            int first = sizes.Count;
            foreach (StoredTrial trial in session)
            {
                Dictionary<int, int> blockOf = [];
                foreach (Series series in trial.Outcome.Series.Where(series => series.Metric == source))
                {
                    for (int i = 0; i < series.Values.Length; i++)
                    {
                        if (!double.IsFinite(series.Values[i])) continue;
                        int repetition = i < series.Repetition.Length ? series.Repetition[i] : 0;
                        if (!blockOf.TryGetValue(repetition, out int block))
                        {
                            blockOf[repetition] = block = sizes.Count;
                            sizes.Add(0);
                        }
                        values.Add(series.Values[i]);
                        blocks.Add(block);
                        sizes[block]++;
                    }
                }
            }
            if (sizes.Count > first) sessions.Add([.. Enumerable.Range(first, sizes.Count - first)]);
        }
        double[] sorted = [.. values];
        int[] group = [.. blocks];
        Array.Sort(sorted, group);
        return new SampleSet(sorted, group, [.. sizes], [.. sessions]);
    }
}
