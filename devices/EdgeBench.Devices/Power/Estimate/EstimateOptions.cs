using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Devices.Power.Estimate;

/// <summary>Options of <c>estimate</c>: the whole model, to be stated by whoever uses it.</summary>
public sealed record EstimateOptions : MeterOptions
{
    [Description("Power of the idle device in W, of the model."), Range(0.0, 10_000.0)]
    public required double IdleWatts { get; init; }

    [Description("Further power of one processor core that is busy all the time, in W, of the model."), Range(0.0, 1_000.0)]
    public required double WattsPerCore { get; init; }
}
