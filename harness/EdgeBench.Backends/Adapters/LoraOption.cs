using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Backends.Adapters;

/// <summary>A LoRA adapter as options name it.</summary>
public sealed record LoraOption
{
    [Description("GGUF file of a LoRA adapter for the model, as convert_lora_to_gguf.py writes it.")]
    public required string Path { get; init; }

    [Description("Strength besides the adapter's own alpha / rank; 0 leaves the model as it is."), Range(-1000.0, 1000.0)]
    public double Scale { get; init; } = 1;
}
