using System.Text.Json;
using EdgeBench.Compression.Awq;
using EdgeBench.Compression.Gptq;
using EdgeBench.Compression.Grids;
using EdgeBench.Compression.Quantising;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Passes;

/// <summary>Parameters of <c>ptq</c> that fit together, and what they mean.</summary>
internal sealed record PtqRequest(PtqParameters Parameters)
{
    public bool IsInt8 => Parameters.Weights == QuantisedType.Int8;

    /// <summary>Highest level of three or two bits, or null where levels are those of the block type.</summary>
    public int? FewLevels => Parameters.Weights switch { QuantisedType.Int3 => 3, QuantisedType.Int2 => 1, _ => null };

    /// <summary>Whether blocks are run on a calibration text.</summary>
    public bool Calibrates => Parameters.Method != PtqMethod.Rtn || Parameters.Smooth is not null || Parameters.Activations == PtqActivations.Static;

    /// <summary>What calibrates, in words.</summary>
    public string Why => Parameters.Method != PtqMethod.Rtn ? $"method {Parameters.Method.ToString().ToLowerInvariant()}" : Parameters.Smooth is not null ? "smooth" : "static activations";

    /// <summary>Whether the type's own encoder does everything.</summary>
    public bool IsPlain => !Calibrates && !IsInt8 && FewLevels is null && Parameters.ZeroPoint == PtqZeroPoint.Free;

    /// <summary>Block types by their names; int8 is stored as I8.</summary>
    public TypePlan Plan => new(ParameterTypes.Of(Parameters.Weights) ?? GgmlType.I8, ParameterTypes.Of(Parameters.Embeddings));

    /// <summary>Paths that the parameters name.</summary>
    public IReadOnlyList<string> DataFiles => [.. new[] { Parameters.Calibration, Parameters.Importance }.OfType<string>()];

    public LevelSettings Settings => new()
    {
        Gptq = Parameters.Method == PtqMethod.Gptq,
        Order = Parameters is { Method: PtqMethod.Gptq, ActOrder: true } ? ColumnOrder.ActivationStatic : ColumnOrder.Natural,
        Scales = Parameters.Scales == PtqScales.Search || (Parameters.Scales == PtqScales.Auto && Parameters.Method != PtqMethod.Rtn) ? ScaleRule.Search : ScaleRule.Range,
        Damping = Parameters.Damping,
        Fold = Parameters.Fold switch
        {
            PtqFold.None => FoldSites.None,
            PtqFold.Awq => FoldSites.Published,
            PtqFold.All => FoldSites.All,
            _ => Parameters.Method == PtqMethod.Rtn || Parameters.Smooth is not null ? FoldSites.None : FoldSites.All,
        },
        FoldByGptq = Parameters.Method == PtqMethod.Gptq,
        FoldPowers = Parameters.Method == PtqMethod.Gptq ? 8 : 20,
        Smooth = Parameters.Smooth,
    };

    /// <summary>The grid of a matrix of <paramref name="columns"/>, or null where it is stored as F16.</summary>
    public LevelGrid? Grid(int columns)
    {
        if (IsInt8) return LevelGrid.Int8Rows;
        if (FewLevels is { } top) return columns % 32 == 0 ? top == 3 ? LevelGrid.Int3 : LevelGrid.Int2 : null;
        LevelGrid? grid = LevelGrid.Of(TypePlan.Fitting(Plan.Inner, columns));
        return Parameters.ZeroPoint == PtqZeroPoint.Integer && grid is not null ? grid with { IntegerZero = true } : grid;
    }

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for parameters that contradict each other.</summary>
    public static PtqRequest Read(JsonElement parameters)
    {
        PtqRequest read = new(PassParameters.Read<PtqParameters>("ptq", parameters));
        PtqParameters p = read.Parameters;
        if (read.Calibrates && string.IsNullOrEmpty(p.Calibration))
        {
            throw Refused($"{read.Why} without a calibration text", "'calibration' with the path of a text file", "Name one, such as text of the kind that the model will meet.");
        }
        if (!read.Calibrates && p.Calibration is not null)
            throw Refused("a calibration text for method rtn", "a method that reads it", "Use method gptq or awq, or leave 'calibration' out.");
        if (!read.IsInt8 && (p.Smooth is not null || p.Activations != PtqActivations.None))
            throw Refused($"{(p.Smooth is null ? "activations" : "smooth")} with weights {p.Weights.ToString().ToLowerInvariant()}", "weights int8", "Use weights int8, or leave it out.");
        if (p is { Method: PtqMethod.Gptq, Weights: QuantisedType.Q4_K or QuantisedType.Q5_K or QuantisedType.Q6_K })
        {
            throw Refused($"method gptq with weights {p.Weights.ToString().ToLowerInvariant()}", "a type whose scales are float16 numbers: q4_0, q4_1, q5_0, q5_1, q8_0, or int8",
                "Use method awq, or weights q4_1.");
        }
        if (p.ZeroPoint == PtqZeroPoint.Integer && p.Weights is not (QuantisedType.Q4_1 or QuantisedType.Q5_1))
            throw Refused($"zero_point integer with weights {p.Weights.ToString().ToLowerInvariant()}", "a type with minima: q4_1 or q5_1", "Leave zero_point out.");
        if (p.Method == PtqMethod.Rtn && (p.Fold is not (PtqFold.Auto or PtqFold.None) || p.Scales == PtqScales.Search))
            throw Refused($"{(p.Scales == PtqScales.Search ? "scales search" : "fold")} with method rtn", "method gptq or awq", "Use one of these, or leave it out.");
        if (p.Smooth is not null && (p.Method == PtqMethod.Awq || p.Fold is not (PtqFold.Auto or PtqFold.None)))
            throw Refused("smooth together with other column scales", "one kind of column scales", "Use method rtn or gptq with fold none.");
        if (p.Importance is not null && !read.IsPlain)
            throw Refused("an importance matrix for a method that calibrates, int8, int3, int2 or integer zero points", "method rtn with a block type", "Leave 'importance' out.");
        return read;
    }

    private static EdgeBenchException Refused(string offender, string expected, string remedy) => EdgeBenchException.BadInput($"pass 'ptq': {offender}", expected, remedy);
}
