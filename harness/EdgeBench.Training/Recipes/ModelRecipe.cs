using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using EdgeBench.Core.Problems;
using EdgeBench.Engine.Training.Models;

namespace EdgeBench.Training.Recipes;

/// <summary>A Llama-shaped decoder that begins with random weights.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ModelRecipe
{
    [Description("Elements of the residual stream."), Range(8, 1 << 16)]
    public int Width { get; init; } = 192;

    [Description("Layers."), Range(1, 1024)]
    public int Layers { get; init; } = 6;

    [Description("Heads of queries."), Range(1, 1024)]
    public int Heads { get; init; } = 6;

    [Description("Heads of keys and values, which divide 'heads'."), Range(1, 1024)]
    public int KvHeads { get; init; } = 2;

    [Description("Elements of a head, an even number."), Range(2, 1024)]
    public int HeadDim { get; init; } = 32;

    [Description("Elements of the feed-forward part."), Range(8, 1 << 18)]
    public int Ffn { get; init; } = 512;

    [Description("Whether the output head is the token embedding.")]
    public bool Tied { get; init; } = true;

    [Description("Tokens that it reads at most."), Range(8, 1 << 20)]
    public int Context { get; init; } = 512;

    [Description("Base of the rotary embedding."), Range(1.0, 1e9)]
    public double RopeBase { get; init; } = 10_000;

    /// <summary>Throws <see cref="EdgeBenchException"/> (bad input) for sizes that do not fit together.</summary>
    public DecoderShape Shape(int vocabulary)
    {
        if (Heads % KvHeads != 0) throw EdgeBenchException.BadInput($"{Heads} heads with kv_heads {KvHeads}", "kv_heads that divide heads", path: "model.kv_heads");
        if (HeadDim % 2 != 0) throw EdgeBenchException.BadInput($"heads of {HeadDim} elements", "an even number, for rotary embedding", path: "model.head_dim");
        return new() { Vocabulary = vocabulary, Width = Width, Layers = Layers, Heads = Heads, KvHeads = KvHeads, HeadDim = HeadDim, Ffn = Ffn, Tied = Tied, RopeBase = RopeBase };
    }
}
