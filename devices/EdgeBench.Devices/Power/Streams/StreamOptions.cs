using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using EdgeBench.Core.Metrics;

namespace EdgeBench.Devices.Power.Streams;

/// <summary>How to read an instrument through a program that prints a line for each reading.</summary>
public abstract record StreamOptions : MeterOptions
{
    [Description("Name of the program in the device's own external.json, which says what may be started there.")]
    public string Program { get; init; } = "";

    [Description("Further arguments, one by one, where the entry there has free_arguments.")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    [Description("Field that holds the power: a CSV column, or a path of JSON keys with dots. Left out, it is current times voltage.")]
    public string? Power { get; init; }

    [Description("Unit of the power field.")]
    public StreamPowerUnit PowerUnit { get; init; }

    [Description("Field that holds the current.")]
    public string? Current { get; init; }

    [Description("Unit of the current field.")]
    public StreamCurrentUnit CurrentUnit { get; init; }

    [Description("Field that holds the voltage; left out, 'volts' is the voltage.")]
    public string? Voltage { get; init; }

    [Description("Unit of the voltage field.")]
    public StreamVoltageUnit VoltageUnit { get; init; }

    [Description("Supply voltage in V, where the instrument measures current alone."), Range(0.0, 100.0)]
    public double? Volts { get; init; }

    [Description("Field that holds the instrument's own time; left out, a reading's time is when its line arrived.")]
    public string? Time { get; init; }

    [Description("Unit of the time field.")]
    public StreamTimeUnit TimeUnit { get; init; }

    [Description("Where the instrument is wired: board (its input) or rail.")]
    public EnergyBoundary Boundary { get; init; } = EnergyBoundary.Board;
}

public enum StreamPowerUnit
{
    Watt,
    Milliwatt,
    Microwatt,
}

public enum StreamCurrentUnit
{
    Ampere,
    Milliampere,
    Microampere,
    Nanoampere,
}

public enum StreamVoltageUnit
{
    Volt,
    Millivolt,
}

public enum StreamTimeUnit
{
    Second,
    Millisecond,
    Microsecond,
}

/// <summary>Options of <c>ppk2</c>; the fields are those of the Power Profiler's CSV: <c>Timestamp(ms),Current(uA)</c>. Give <c>volts</c>: it measures current alone.</summary>
public sealed record Ppk2Options : StreamOptions
{
    public Ppk2Options() =>
        (Program, Current, CurrentUnit, Time, TimeUnit) = ("ppk2", "Current(uA)", StreamCurrentUnit.Microampere, "Timestamp(ms)", StreamTimeUnit.Millisecond);
}

/// <summary>Options of <c>joulescope</c>; the field is that of its driver's statistics as JSON lines.</summary>
public sealed record JoulescopeOptions : StreamOptions
{
    public JoulescopeOptions() => (Program, Power) = ("joulescope", "signals.power.avg.value");
}
