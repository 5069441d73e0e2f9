using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Models;

namespace EdgeBench.Compression.FineTuning;

/// <summary>What is trained of a model.</summary>
public enum PeftMethod
{
    /// <summary>Products of low rank beside matrices (E. Hu et al., 2021).</summary>
    Lora,

    /// <summary>Bottlenecks after sub-layers (N. Houlsby et al., 2019).</summary>
    Adapters,

    /// <summary>Embeddings before each text (B. Lester et al., 2021).</summary>
    Prompt,

    /// <summary>Keys and values before each text in every layer (X. Li, P. Liang, 2021).</summary>
    Prefix,

    /// <summary>Biases of linear layers (E. Ben Zaken et al., 2022).</summary>
    Bitfit,

    /// <summary>Everything.</summary>
    Full,
}

/// <summary>Parameters of <c>peft</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PeftParameters : FineTuneParameters
{
    [Description("What is trained: lora, adapters, prompt, prefix, bitfit (biases) or full (everything).")]
    public PeftMethod Method { get; init; } = PeftMethod.Lora;

    [Description("lora and adapters: elements of the narrow side."), Range(1, 4096)]
    public int Rank { get; init; } = 8;

    [Description("lora: products count alpha over rank."), Range(1e-6, 1e6)]
    public double Alpha { get; init; } = 16;

    [Description("lora: share of inputs that are left out in training."), Range(0.0, 0.95)]
    public double Dropout { get; init; }

    [Description("lora and bitfit: linear layers by the last part of their names; left out, q_proj and v_proj for lora, all for bitfit.")]
    public IReadOnlyList<string> Targets { get; init; } = [];

    [Description("lora: adds the products to the matrices, so that every backend runs the result; false keeps them apart as an adapter.")]
    public bool Merge { get; init; } = true;

    [Description("adapters: one after each attention too, not only after the feed-forward part.")]
    public bool Attention { get; init; } = true;

    [Description("prompt and prefix: tokens before each text."), Range(1, 4096)]
    public int Tokens { get; init; } = 16;

    [Description("prompt and prefix: text whose tokens are the first values, cut or repeated; left out, they are drawn.")]
    public string? Start { get; init; }

    /// <summary>Whether what is trained lies in a file of its own beside the model.</summary>
    [JsonIgnore]
    public bool IsApart => Method is PeftMethod.Adapters or PeftMethod.Prompt or PeftMethod.Prefix || this is { Method: PeftMethod.Lora, Merge: false };

    internal IReadOnlyList<string> LoraTargets => Targets.Count > 0 ? Targets : ["q_proj", "v_proj"];

    /// <param name="start">Tokens of <see cref="Start"/>, or null.</param>
    internal TrainingOptions Options(IReadOnlyList<int>? start) => Method switch
    {
        PeftMethod.Lora => new() { Lora = new(Rank, (float)Alpha, LoraTargets, (float)Dropout) { Seed = Seed }, HalfFrozen = true },
        PeftMethod.Adapters => new() { Adapters = new(Rank, Attention) { Seed = Seed }, HalfFrozen = true },
        PeftMethod.Prompt => new() { Prompt = new(Tokens) { Start = start, Seed = Seed }, HalfFrozen = true },
        PeftMethod.Prefix => new() { Prefix = new(Tokens) { Start = start, Seed = Seed }, HalfFrozen = true },
        PeftMethod.Bitfit => new() { BitFit = new(Targets.Count > 0 ? Targets : null), HalfFrozen = true },
        _ => new(),
    };

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for parameters that mean nothing together.</summary>
    internal void Check()
    {
        CheckData("peft");
        string method = Method.ToString().ToLowerInvariant();
        if (Targets.Count > 0 && Method is not (PeftMethod.Lora or PeftMethod.Bitfit)) throw Refused($"targets with method {method}", "method lora or bitfit");
        if (Dropout > 0 && Method != PeftMethod.Lora) throw Refused($"dropout with method {method}", "method lora");
        if (!Merge && Method != PeftMethod.Lora) throw Refused($"merge with method {method}", "method lora");
        if (Start is not null && Method is not (PeftMethod.Prompt or PeftMethod.Prefix)) throw Refused($"start with method {method}", "method prompt or prefix");
    }

    private static EdgeBenchException Refused(string offender, string expected) => EdgeBenchException.BadInput($"pass 'peft': {offender}", expected, "Leave it out.");
}
