using System.Diagnostics;
using EdgeBench.Core.Backends;

namespace EdgeBench.Benchmarks.Onnx;

/// <summary>A prompt, or tokens one after the other, with what the bar's models reached.</summary>
/// <param name="Bars">Rate of each kind on the bar's machine over llama.cpp's there (pp128 has none: llama.cpp's was not taken).</param>
internal sealed record DecoderTest(string Name, int Tokens, bool Prompt, IReadOnlyDictionary<string, double> Bars)
{
    // llama.cpp gave pp512 453 and tg64 174 there; prefill of int4 with the last position's logits only, the others with all.
    public static IReadOnlyList<DecoderTest> All { get; } =
    [
        new("pp128", 128, true, new Dictionary<string, double>()),
        new("pp512", 512, true, new Dictionary<string, double> { ["f32"] = 1144 / 453.0, ["q4_0"] = 1316 / 453.0, ["q8_0"] = 1162 / 453.0, ["int8"] = 2431 / 453.0 }),
        new("tg64", 64, false, new Dictionary<string, double> { ["f32"] = 82 / 174.0, ["q4_0"] = 240 / 174.0, ["q8_0"] = 159 / 174.0, ["int8"] = 205 / 174.0 }),
    ];

    public double? Bar(string kind) => Bars.TryGetValue(kind, out double bar) ? bar : null;

    /// <summary>Tokens a second.</summary>
    public double Rate(IBackendSession session, Random random)
    {
        int[] tokens = [.. Enumerable.Range(0, Tokens).Select(_ => random.Next(session.Facts.Vocabulary))];
        session.Reset();
        long start = Stopwatch.GetTimestamp();
        if (Prompt) session.Prefill(tokens);
        else foreach (int token in tokens) session.Decode(token);
        return Tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
