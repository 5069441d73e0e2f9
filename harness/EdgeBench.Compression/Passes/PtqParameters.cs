using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EdgeBench.Compression.Calibration;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>
/// Formats that weights can be quantised to: GGUF's block formats, int8 with one scale a row, and three or two bits in Q4_0 blocks (<see cref="FineTuning.FewLevels"/>).
/// </summary>
public enum QuantisedType
{
    Q8_0,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q4_K,
    Q5_K,
    Q6_K,
    Int8,
    Int3,
    Int2,
}

/// <summary>How levels are chosen.</summary>
public enum PtqMethod
{
    /// <summary>Round to nearest.</summary>
    Rtn,

    /// <summary>Rounding errors are made up for by the columns that are still to come.</summary>
    Gptq,

    /// <summary>Columns are rescaled before they are rounded to nearest.</summary>
    Awq,
}

/// <summary>Types that the token embedding and the output head can get.</summary>
public enum EmbeddingType
{
    Auto,
    F16,
    Q8_0,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q6_K,
}

/// <summary>Parameters of <c>ptq</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PtqParameters
{
    [Description("Type of attention and feed-forward matrices; norms and biases stay f32.")]
    public QuantisedType Weights { get; init; } = QuantisedType.Q8_0;

    [Description("How levels are chosen: rtn rounds to nearest, gptq lets later columns make up for earlier ones, awq rescales columns first.")]
    public PtqMethod Method { get; init; } = PtqMethod.Rtn;

    [Description("Type of the token embedding and the output head; auto is q8_0 for every type of weights.")]
    public EmbeddingType Embeddings { get; init; } = EmbeddingType.Auto;

    [Description("Text that gptq, awq, static activations and smooth are calibrated on; its hash is part of the artifact.")]
    public string? Calibration { get; init; }

    [Description("Sequences of calibration text."), Range(1, 1_000_000)]
    public int CalibrationSequences { get; init; } = 128;

    [Description("Tokens of a sequence."), Range(2, 1_000_000)]
    public int CalibrationLength { get; init; } = 512;

    [Description("Bytes at the start of the text that are left out, such as those that the model is scored on."), Range(0, long.MaxValue)]
    public long CalibrationOffset { get; init; }

    [Description("gptq only: columns in the order of their inputs' mean squares, with the groups of the format.")]
    public bool ActOrder { get; init; } = true;

    [Description("Scales of groups: auto is range for rtn, search otherwise.")]
    public PtqScales Scales { get; init; } = PtqScales.Auto;

    [Description("Column scales folded into the tensors before: auto is none for rtn, all otherwise.")]
    public PtqFold Fold { get; init; } = PtqFold.Auto;

    [Description("What later layers are calibrated on: the layers before as compressed, or as they were.")]
    public Prefix Prefix { get; init; } = Prefix.Compressed;

    [Description("gptq only: share of the Hessian's mean diagonal that is added to it."), Range(1e-6, 10)]
    public double Damping { get; init; } = 0.01;

    [Description("q4_1 and q5_1 only: minima that are any number, or integer multiples of the scale.")]
    public PtqZeroPoint ZeroPoint { get; init; } = PtqZeroPoint.Free;

    [Description("int8 only: activations stay float, or are int8 with a scale from calibration (static) or for each token (dynamic).")]
    public PtqActivations Activations { get; init; } = PtqActivations.None;

    [Description("int8 only: SmoothQuant's alpha, the share of the inputs' difficulty that moves into the weights; left out, nothing is smoothed."), Range(0.0, 1.0)]
    public double? Smooth { get; init; }

    [Description("rtn only: importance matrix of llama.cpp (.gguf or .dat), from it or from 'models imatrix': columns that matter more keep more; null treats all the same.")]
    public string? Importance { get; init; }
}

/// <summary>The tensor types that parameters name.</summary>
internal static class ParameterTypes
{
    /// <summary>Null for int8, which is no type of GGUF's.</summary>
    public static GgmlType? Of(QuantisedType type) => type switch
    {
        QuantisedType.Int8 => null,
        QuantisedType.Int3 or QuantisedType.Int2 => GgmlType.Q4_0,
        _ => Enum.Parse<GgmlType>(type.ToString()),
    };

    /// <summary><c>auto</c> is Q8_0.</summary>
    public static GgmlType Of(EmbeddingType type) => type == EmbeddingType.Auto ? GgmlType.Q8_0 : Enum.Parse<GgmlType>(type.ToString());
}
