using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Devices.Power.NvidiaSmi;

/// <summary>Options of <c>nvidia-smi</c>.</summary>
public sealed record NvidiaSmiOptions : MeterOptions
{
    [Description("Index of the GPU."), Range(0, 63)]
    public int Gpu { get; init; }
}
