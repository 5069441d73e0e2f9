namespace EdgeBench.Devices.Power.PiPmic;

/// <summary>Options of <c>pi-pmic</c>. Each reading starts a program, so it is read less often than a file.</summary>
public sealed record PiPmicOptions : MeterOptions
{
    public PiPmicOptions() => Rate = 5;
}
