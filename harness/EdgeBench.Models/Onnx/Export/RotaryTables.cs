using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// Cosines and sines of rotary embedding by position, <c>[context, rotated / 2]</c>: angle of pair j at position t = t / scale · base^(−2j / rotated) / factor j
/// (J. Su et al., "RoFormer", 2021; factors by frequency and the attention factor as in llama.cpp, <c>ggml_rope_ext</c>), in double precision, rounded once.
/// </summary>
internal sealed class RotaryTables
{
    private const int LargestContext = 32_768;

    private readonly double[] _frequencies;
    private readonly double _magnitude;

    private RotaryTables(int context, double[] frequencies, double magnitude) => (Context, _frequencies, _magnitude) = (context, frequencies, magnitude);

    /// <summary>Positions.</summary>
    public int Context { get; }

    public int Pairs => _frequencies.Length;

    /// <param name="sliding">For layers with a sliding window, which have a base of their own in Gemma 3, unscaled.</param>
    public static RotaryTables Of(GgufFile file, ModelArchitecture model, OnnxExportOptions options, WeightGraph weights, bool sliding)
    {
        string scaling = Value(file, "rope.scaling.type")?.AsText() ?? "none";
        if (scaling is not ("none" or "linear" or "longrope"))
        {
            throw EdgeBenchException.BadInput($"rope.scaling.type '{scaling}'", "none, linear or longrope", "This model's positions cannot be exported to ONNX yet: run it on llamacpp.", file.Path);
        }
        (double[]? factors, int trained) = Factors(file, model, weights);
        if (options.Context < 0 || options.Context > trained)
            throw EdgeBenchException.BadInput($"context {options.Context}", $"0 (as trained) to {trained}, what the model's positions allow", "Correct 'context' of the export.", file.Path);
        int context = options.Context > 0 ? options.Context : Math.Min(trained, LargestContext);
        double scale = sliding && model.SlidingRopeBase is not null ? 1 : model.RopeScale, bottom = sliding ? model.SlidingRopeBase ?? model.RopeBase : model.RopeBase;
        double[] frequencies = new double[model.RopeDimensions / 2];
        for (int j = 0; j < frequencies.Length; j++)
            frequencies[j] = Math.Pow(bottom, -2.0 * j / model.RopeDimensions) / scale / (factors is null ? 1 : factors[j]);
        return new(context, frequencies, Value(file, "rope.scaling.attn_factor")?.AsNumber() ?? 1);
    }

    public float[] Cosines() => Fill(Math.Cos);

    public float[] Sines() => Fill(Math.Sin);

    // Phi-3's short factors hold up to the context that it was first trained for; the long ones would make other models of short texts.
    private static (double[]? Factors, int Trained) Factors(GgufFile file, ModelArchitecture model, WeightGraph weights)
    {
        bool isShort = weights.Has("rope_factors_short.weight");
        string? name = isShort ? "rope_factors_short.weight" : weights.Has("rope_freqs.weight") ? "rope_freqs.weight" : null;
        if (name is null) return (null, model.Context);
        float[] factors = weights.Values(name);
        if (factors.Length != model.RopeDimensions / 2 || !Array.TrueForAll(factors, factor => factor > 0 && float.IsFinite(factor)))
            throw EdgeBenchException.BadInput($"'{name}' of {factors.Length} elements", $"{model.RopeDimensions / 2} positive numbers", "Fetch or convert the file again.", file.Path);
        long original = isShort ? Value(file, "rope.scaling.original_context_length")?.AsInteger() ?? model.Context : model.Context;
        return ([.. factors.Select(factor => (double)factor)], (int)Math.Clamp(original, 1, model.Context));
    }

    private float[] Fill(Func<double, double> function)
    {
        float[] table = new float[(long)Context * Pairs];
        for (int position = 0; position < Context; position++)
        {
            for (int j = 0; j < Pairs; j++) table[((long)position * Pairs) + j] = (float)(function(position * _frequencies[j]) * _magnitude);
        }
        return table;
    }

    private static GgufValue? Value(GgufFile file, string key) => file.Metadata.GetValueOrDefault($"{file.Architecture}.{key}");
}
