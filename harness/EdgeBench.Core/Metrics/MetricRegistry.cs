namespace EdgeBench.Core.Metrics;

/// <summary>Every metric, declared once. Latencies are in milliseconds, sizes in bytes, losses in nats.</summary>
public static class MetricRegistry
{
    public static Metric LoadTime { get; } = new("load_time", "load time", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.0",
        "Opening the artifact and creating the context, from a warm page cache, in a fresh process.");

    public static Metric Ttft { get; } = new("ttft", "TTFT", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.00",
        "Time to first token: from handing over the prompt until the first output token's logits are readable.");

    public static Metric Tpot { get; } = new("tpot", "TPOT", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "Time per output token: mean over a repetition's output tokens after the first.");

    public static Metric Itl { get; } = new("itl", "ITL", "ms", Direction.LowerIsBetter, Aggregation.Distribution, "0.000",
        "Inter-token latency: every single gap between two output tokens; reported as p50, p90, p99.");

    public static Metric PrefillRate { get; } = new("prefill_tok_s", "prefill", "tok/s", Direction.HigherIsBetter, Aggregation.Median, "0.0",
        "Prompt tokens over the time to process the prompt.");

    public static Metric DecodeRate { get; } = new("decode_tok_s", "decode", "tok/s", Direction.HigherIsBetter, Aggregation.Median, "0.00",
        "Decoded tokens over the time to decode them, one at a time, sampling excluded (as llama-bench's tg).");

    public static Metric GenerationRate { get; } = new("generation_tok_s", "generation", "tok/s", Direction.HigherIsBetter, Aggregation.Median, "0.00",
        "Tokens of a text that the model writes after the first, over their time, the choice of the largest logit and a draft's work included.");

    public static Metric DraftAccepted { get; } = new("draft_accepted", "drafts accepted", "", Direction.HigherIsBetter, Aggregation.Median, "0.000",
        "Share of the tokens that the draft model guessed which were the artifact's own choice, text by text.");

    public static Metric DraftSpeedUp { get; } = new("draft_speedup", "speed-up by draft", "", Direction.HigherIsBetter, Aggregation.Median, "0.00",
        "Time of a text's tokens after the first without the draft over that with it: the same prompt and the same tokens, one after the other in one process, in alternating order.");

    public static Metric EndToEndRate { get; } = new("e2e_tok_s", "prompt + decode", "tok/s", Direction.HigherIsBetter, Aggregation.Median, "0.0",
        "Prompt plus decoded tokens over their whole time (as llama-bench's pp+tg).");

    public static Metric EndToEnd { get; } = new("e2e", "E2E latency", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.0",
        "From handing over the prompt until the last output token.");

    public static Metric PeakRss { get; } = new("peak_rss", "peak RSS", "B", Direction.LowerIsBetter, Aggregation.Max, "0",
        "Largest resident set of the trial's process (VmHWM), runtime and mapped weights included.");

    public static Metric PeakPss { get; } = new("peak_pss", "peak PSS", "B", Direction.LowerIsBetter, Aggregation.Max, "0",
        "Largest proportional set size read between samples (shared pages divided by their users).");

    public static Metric WeightBytes { get; } = new("weight_bytes", "weights", "B", Direction.LowerIsBetter, Aggregation.Max, "0",
        "Bytes of all tensors in the artifact.");

    public static Metric KvBytes { get; } = new("kv_bytes", "KV cache", "B", Direction.LowerIsBetter, Aggregation.Max, "0",
        "Bytes of the key/value cache that the context allocated.");

    public static Metric FileBytes { get; } = new("file_bytes", "file", "B", Direction.LowerIsBetter, Aggregation.Max, "0",
        "Size of the artifact's file.");

    public static Metric Inference { get; } = new("inference", "inference", "ms", Direction.LowerIsBetter, Aggregation.Distribution, "0.000",
        "One inference of the whole graph, transfers to and from the accelerator included; every single one as the tool tells it; reported as p50, p90, p99.");

    public static Metric InferenceMean { get; } = new("inference_mean", "inference mean", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "Mean time of one inference as the tool computed it: no raw readings stand behind it.");

    public static Metric InferenceP50 { get; } = new("inference_p50", "inference p50", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "Median time of one inference as the tool computed it: no raw readings stand behind it.");

    public static Metric InferenceP90 { get; } = new("inference_p90", "inference p90", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "90th percentile of the time of one inference as the tool computed it.");

    public static Metric InferenceP95 { get; } = new("inference_p95", "inference p95", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "95th percentile of the time of one inference as the tool computed it.");

    public static Metric InferenceP99 { get; } = new("inference_p99", "inference p99", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "99th percentile of the time of one inference as the tool computed it.");

    public static Metric InferenceRate { get; } = new("inference_rate", "inferences", "inf/s", Direction.HigherIsBetter, Aggregation.Median, "0.0",
        "Inferences over the whole time of sampling, as the tool computed it; it may overlap them.");

    public static Metric DeviceCompute { get; } = new("device_compute", "device compute", "ms", Direction.LowerIsBetter, Aggregation.Median, "0.000",
        "Time that the accelerator computes for one inference, transfers excluded, as the tool tells it.");

    public static Metric Perplexity { get; } = new("perplexity", "perplexity", "", Direction.LowerIsBetter, Aggregation.ExpMean, "0.0000",
        "exp of the mean token loss over the scored windows; the window rule stands beside the figure.")
    { Source = "token_nll" };

    public static Metric LogPerplexityRatio { get; } = new("ln_ppl_ratio", "ln PPL ratio", "nats", Direction.LowerIsBetter, Aggregation.Mean, "0.00000",
        "Mean difference of token losses, artifact minus reference, on the same tokens; its error is paired.")
    { Source = "token_nll_delta" };

    public static Metric KlDivergence { get; } = new("kl_divergence", "KL divergence", "nats", Direction.LowerIsBetter, Aggregation.Mean, "0.00000",
        "Mean over tokens of KL(reference || artifact) over the whole vocabulary.")
    { Source = "token_kl" };

    public static Metric Top1Agreement { get; } = new("top1_agreement", "top-1 agreement", "", Direction.HigherIsBetter, Aggregation.Mean, "0.0000",
        "Share of scored positions where artifact and reference put the same token first.")
    { Source = "token_top1" };

    public static Metric Accuracy { get; } = new("acc", "acc", "", Direction.HigherIsBetter, Aggregation.Proportion, "0.0000",
        "Share of items whose right choice has the largest log-likelihood after the question (lm-evaluation-harness's acc).")
    { Source = "item_acc" };

    public static Metric NormalisedAccuracy { get; } = new("acc_norm", "acc_norm", "", Direction.HigherIsBetter, Aggregation.Proportion, "0.0000",
        "As acc, with each choice's log-likelihood over its bytes in UTF-8 (lm-evaluation-harness's acc_norm, which counts characters: the same for ASCII).")
    { Source = "item_acc_norm" };

    public static Metric ExactMatch { get; } = new("exact_match", "exact match", "", Direction.HigherIsBetter, Aggregation.Proportion, "0.0000",
        "Share of items for which the greedily written text is the expected one, after the normalisation that stands beside the figure.")
    { Source = "item_exact_match" };

    public static Metric ClassAccuracy { get; } = new("accuracy", "accuracy", "", Direction.HigherIsBetter, Aggregation.Proportion, "0.0000",
        "Share of items whose right label has the largest log-likelihood after the text, of all labels.")
    { Source = "item_accuracy" };

    public static Metric MacroF1 { get; } = new("macro_f1", "macro F1", "", Direction.HigherIsBetter, Aggregation.MacroF1, "0.0000",
        "Unweighted mean over the classes of 2·TP / (2·TP + FP + FN), of the classes that occur or are predicted; a class that is never right counts 0. Standard error and interval by bootstrap over items.")
    { Source = "item_class_predicted" };

    public static Metric TokenNll { get; } = new("token_nll", "token loss", "nats", Direction.Neutral, Aggregation.Mean, "0.0000",
        "Negative log likelihood of one token (raw reading behind perplexity).");

    public static Metric TokenNllDelta { get; } = new("token_nll_delta", "token loss change", "nats", Direction.Neutral, Aggregation.Mean, "0.0000",
        "Token loss minus the reference's on the same token (raw reading behind ln PPL ratio).");

    public static Metric TokenKl { get; } = new("token_kl", "token KL", "nats", Direction.Neutral, Aggregation.Mean, "0.0000",
        "KL(reference || artifact) at one position (raw reading behind KL divergence).");

    public static Metric TokenTop1 { get; } = new("token_top1", "token top-1 match", "", Direction.Neutral, Aggregation.Mean, "0",
        "1 where artifact and reference agree on the best token, else 0 (raw reading behind top-1 agreement).");

    public static Metric RepetitionTime { get; } = new("repetition_time", "repetition time", "ms", Direction.Neutral, Aggregation.Median, "0.0",
        "The timed part of one repetition, from its first call to its last (tells which readings of a power meter belong to it).");

    public static Metric RepetitionTokens { get; } = new("repetition_tokens", "repetition tokens", "tok", Direction.Neutral, Aggregation.Median, "0",
        "Tokens processed in the timed part of one repetition, prompt and output together.");

    public static Metric RepetitionCount { get; } = new("repetition_count", "repetitions in a timed part", "", Direction.Neutral, Aggregation.Median, "0",
        "Repetitions in one timed part, of programs that tell the time of many together; where it is absent, each timed part is one.");

    public static Metric Temperature { get; } = new("temperature_c", "temperature", "°C", Direction.Neutral, Aggregation.Mean, "0.0",
        "Hottest thermal zone of the device, once a second while the trial ran.");

    public static Metric FastestClock { get; } = new("clock_mhz", "fastest clock", "MHz", Direction.Neutral, Aggregation.Mean, "0",
        "Clock of the fastest processor, once a second while the trial ran.");

    public static Metric MeanClock { get; } = new("clock_mean_mhz", "mean clock", "MHz", Direction.Neutral, Aggregation.Mean, "0",
        "Mean clock of all processors, once a second while the trial ran.");

    public static Metric SustainedRate { get; } = new("sustained_tok_s", "sustained", "tok/s", Direction.HigherIsBetter, Aggregation.Median, "0.0",
        "Prompt plus decoded tokens over their whole time, minute by minute; the figure is the median of the minutes.");

    public static Metric SustainedShare { get; } = new("sustained_share", "last minute / first", "", Direction.HigherIsBetter, Aggregation.Median, "0.000",
        "Speed of the last minute over that of the first: what heat leaves of a cool device's speed.");

    public static Metric KernelTime { get; } = new("kernel_time", "time", "µs", Direction.LowerIsBetter, Aggregation.Median, "0.00",
        "One call of the kernel: mean over the calls of one measured stretch; the figure is the median of the stretches.");

    public static Metric OperationRate { get; } = new("kernel_gop_s", "operations", "GOP/s", Direction.HigherIsBetter, Aggregation.Median, "0.0",
        "Multiplications and additions that the result needs by its definition, over the time; work that a method adds or saves counts for nothing.");

    public static Metric ByteRate { get; } = new("kernel_gb_s", "bytes", "GB/s", Direction.HigherIsBetter, Aggregation.Median, "0.00",
        "Bytes of the operands, each read or written once, over the time. Weights of products come from memory, a copy larger than the caches apart; all else from the caches.");

    public static Metric RoofShare { get; } = new("roof_share", "of roof", "", Direction.HigherIsBetter, Aggregation.Median, "0.000",
        "Operations a second over the roof: the least of the probed compute peak and, of products, the probed read bandwidth times operations for each byte. The peaks are the best passes just before and after the kernel.");

    /// <summary>In the order in which tables show them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        PrefillRate, DecodeRate, GenerationRate, DraftAccepted, DraftSpeedUp, EndToEndRate, SustainedRate, SustainedShare, Ttft, Tpot, Itl, EndToEnd, LoadTime,
        Inference, InferenceMean, InferenceP50, InferenceP90, InferenceP95, InferenceP99, InferenceRate, DeviceCompute,
        PeakRss, PeakPss, WeightBytes, KvBytes, FileBytes,
        Perplexity, LogPerplexityRatio, KlDivergence, Top1Agreement, Accuracy, NormalisedAccuracy, ExactMatch, ClassAccuracy, MacroF1,
        .. EnergyMetrics.All.SelectMany(energy => energy.Figures),
        KernelTime, OperationRate, ByteRate, RoofShare,
        TokenNll, TokenNllDelta, TokenKl, TokenTop1,
        .. ItemMetrics.All, Temperature, FastestClock, MeanClock,
        RepetitionTime, RepetitionTokens, RepetitionCount,
        .. EnergyMetrics.All.SelectMany(energy => new[] { energy.Power, energy.Counter }),
    ];

    private static readonly Dictionary<string, Metric> s_byName = All.ToDictionary(metric => metric.Name);

    /// <summary>The metric of that name, or null.</summary>
    public static Metric? Find(string name) => s_byName.GetValueOrDefault(name);
}
