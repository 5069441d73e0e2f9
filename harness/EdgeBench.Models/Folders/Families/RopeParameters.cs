using System.Text.Json.Nodes;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Architectures;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Models.Folders.Families;

/// <summary>
/// Rotary embedding in config.json: <c>rope_theta</c> with <c>rope_scaling</c>, or both in <c>rope_parameters</c> (transformers 5). Scaling of type
/// <c>linear</c> and <c>yarn</c> becomes metadata, <c>llama3</c> a tensor of factors, <c>longrope</c> (Phi-3) two.
/// </summary>
internal sealed class RopeParameters
{
    private readonly ConfigFile _config;
    private readonly ConfigFile? _scaling;

    private RopeParameters(ConfigFile config)
    {
        _config = config;
        ConfigFile? all = config.OptionalObject("rope_parameters");
        _scaling = all?.OptionalObject("full_attention") ?? all ?? config.OptionalObject("rope_scaling");
        SlidingBase = all?.OptionalObject("sliding_attention")?.OptionalNumber("rope_theta") ?? config.OptionalNumber("rope_local_base_freq");
    }

    /// <summary>Null where there is no scaling.</summary>
    public string? Type => (_scaling?.OptionalText("rope_type") ?? _scaling?.OptionalText("type"))?.ToLowerInvariant() is { } type && type != "default" ? type : null;

    public double? Base => _scaling?.OptionalNumber("rope_theta") ?? _config.OptionalNumber("rope_theta");

    public double? SlidingBase { get; }

    public double PartialFactor => _scaling?.OptionalNumber("partial_rotary_factor") ?? _config.OptionalNumber("partial_rotary_factor") ?? 1;

    public ConfigFile Scaling => _scaling ?? throw new InvalidOperationException("There is no scaling.");

    public static RopeParameters Of(ConfigFile config) => new(config);

    public IEnumerable<KeyValuePair<string, GgufValue>> Metadata()
    {
        switch (Type)
        {
            case null or "llama3" or "longrope" or "su": break;
            case "linear":
                yield return new("rope.scaling.type", GgufValue.From("linear"));
                yield return new("rope.scaling.factor", GgufValue.From((float)Scaling.Number("factor")));
                break;
            case "yarn":
                yield return new("rope.scaling.type", GgufValue.From("yarn"));
                yield return new("rope.scaling.factor", GgufValue.From((float)Scaling.Number("factor")));
                yield return new("rope.scaling.original_context_length", GgufValue.From((uint)Scaling.Int("original_max_position_embeddings")));
                break;
            case { } other:
                throw Scaling.Refused("rope_type", $"'{other}'", "linear, yarn, llama3 or longrope");
        }
        if (Type is "longrope" or "su") yield return new("rope.scaling.type", GgufValue.From("longrope"));
        if (Base is { } theta) yield return new("rope.freq_base", GgufValue.From((float)theta));
        if (SlidingBase is { } sliding) yield return new("rope.freq_base_swa", GgufValue.From((float)sliding));
    }

    /// <summary>
    /// Factors by frequency of Llama 3, one for each pair of a head, in float32 as PyTorch computes them. Source: llama.cpp, <c>conversion/llama.py</c>,
    /// <c>generate_extra_tensors</c>.
    /// </summary>
    public static float[] LlamaFactors(int headDim, double theta, double factor, double lowFactor, double highFactor, double originalContext)
    {
        double lowLength = originalContext / lowFactor, highLength = originalContext / highFactor;
        float[] factors = new float[headDim / 2];
        for (int i = 0; i < factors.Length; i++)
        {
            float frequency = 1f / MathF.Pow((float)theta, 2f * i / headDim);
            float length = 2 * MathF.PI / frequency;
            if (length < highLength) factors[i] = 1;
            else if (length > lowLength) factors[i] = (float)factor;
            else
            {
                float smooth = ((float)originalContext / length - (float)lowFactor) / (float)(highFactor - lowFactor);
                factors[i] = 1 / (((1 - smooth) / (float)factor) + smooth);
            }
        }
        return factors;
    }

    /// <summary><c>rope_scaling</c> of a GGUF file, or null. Throws <see cref="EdgeBenchException"/> (bad input) for scaling that config.json cannot say.</summary>
    public static JsonObject? ScalingOf(ModelArchitecture architecture, GgufFile file)
    {
        string? type = file.Metadata.GetValueOrDefault($"{file.Architecture}.rope.scaling.type")?.AsText();
        if (file.Find("rope_freqs.weight") is { } freqs) return LlamaScaling(architecture, file, freqs);
        if (type is null or "none" or "longrope") return null;
        double? factor = file.Metadata.GetValueOrDefault($"{file.Architecture}.rope.scaling.factor")?.AsNumber();
        long? original = file.Metadata.GetValueOrDefault($"{file.Architecture}.rope.scaling.original_context_length")?.AsInteger();
        return type switch
        {
            "linear" when factor is not null => new JsonObject { ["rope_type"] = "linear", ["factor"] = factor },
            "yarn" when factor is not null && original is not null => new JsonObject { ["rope_type"] = "yarn", ["factor"] = factor, ["original_max_position_embeddings"] = original },
            _ => throw EdgeBenchException.BadInput($"rope scaling '{type}'", "linear or yarn with its factor", "Keep the file as GGUF.", file.Path),
        };
    }

    // The factors alone do not name their parameters; those of all published models (Llama 3.1 and 3.2) are tried and must give the same factors but for
    // the last bits of a power.
    private static JsonObject LlamaScaling(ModelArchitecture architecture, GgufFile file, GgufTensor freqs)
    {
        float[] stored = new float[freqs.Elements];
        file.Dequantise(freqs, 0, stored);
        double factor = stored.Length == 0 ? 1 : stored.Max();
        float[] published = LlamaFactors(architecture.HeadDim, architecture.RopeBase, factor, 1, 4, 8192);
        if (stored.Length != published.Length || stored.Zip(published).Any(pair => !(Math.Abs(pair.First - pair.Second) <= 1e-5 * pair.Second)))
            throw EdgeBenchException.BadInput("'rope_freqs.weight' holds factors that no published rope_scaling gives", "those of Llama 3.1 or 3.2", "Keep the file as GGUF.", file.Path);
        return new JsonObject { ["rope_type"] = "llama3", ["factor"] = factor, ["low_freq_factor"] = 1.0, ["high_freq_factor"] = 4.0, ["original_max_position_embeddings"] = 8192 };
    }
}
