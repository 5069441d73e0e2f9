using EdgeBench.Statistics;

namespace EdgeBench.Reports.Model;

/// <summary>How figures come about, in sentences.</summary>
internal static class Methods
{
    public static IReadOnlyList<string> Lines { get; } =
    [
        "Speeds and latencies: median of all repetitions of all sessions; [low, high] is a 95 % percentile bootstrap interval that resamples sessions, then repetitions inside them. With few sessions it covers less than 95 %.",
        $"ITL: p50 / p90 / p99 of every single gap; p90 is withheld (–) below {PercentileSupport.P90} gaps, p99 below {PercentileSupport.P99} (MLPerf Inference's smallest counts).",
        "Inference: p50 / p90 / p99 of every single inference, as ITL. Mean and percentiles with names of their own are what a program told of its runs: median over trials.",
        "Energy and power: one figure a trial, from the meter's readings in the timed repetitions; median over trials, peak: the largest. Figures of two boundaries (wall, board, rail, estimate) never meet in a ranking or a plot.",
        "Memory: the largest over all trials; “trials low–high” where trials differ. Sizes are binary: 1 MiB = 1,048,576 B.",
        "Perplexity, ln PPL ratio, KL divergence, top-1 agreement: mean over scored tokens ± one standard error (perplexity by the delta method, as llama.cpp prints it). Trials repeat the same tokens and do not shrink the error.",
        "acc, acc_norm, exact match, accuracy: share of right items ± one standard error √(p(1 − p)/(n − 1)) [95 % Wilson interval]. Macro F1: standard error and 95 % percentile interval of a bootstrap over items, seeded.",
        "Item by item: artifact minus reference on the same items, [95 % interval of the paired bootstrap over items, seeded]; McNemar's p of the items that only one of the two has right, mid-p and exact, two-sided, not corrected for the number of comparisons.",
        "★ marks the best figure among valid and semivalid cells of one model, device, tier, workload and test; figures whose intervals overlap the best one's share the mark, because the data do not tell them apart.",
        "Invalid cells are shown with their reasons and never ranked. Tiers (measured, emulated, simulated) never mix in a ranking.",
        "ln PPL ratio, KL divergence and top-1 agreement compare with the model's reference: the checkpoint as stored, or expanded to F16 where that is quantised. The notes on top say which it is.",
        "Applied says whether each pass of the recipe took effect, read back from the artifact's own file.",
    ];
}
