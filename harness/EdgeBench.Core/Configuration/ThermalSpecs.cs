using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace EdgeBench.Core.Configuration;

/// <summary>A gate before each trial: the device cools down to a temperature, or rests for a time.</summary>
public sealed record CooldownSpec
{
    [Description("Temperature in °C that the hottest sensor must be below; left out, only 'rest' counts."), Range(0.0, 150.0)]
    public double? Below { get; init; }

    [Description("Time that the device rests before each trial."), Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Rest { get; init; }

    [Description("Longest time to wait for the temperature; the trial then runs and its cell says so."), Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Host tuning, only where it is asked for; recorded, and put back after the trial, even where the agent was killed.</summary>
public sealed record TuningSpec
{
    [Description("Frequency governor of all processors, such as performance; left out, it stays.")]
    public string? Governor { get; init; }

    [Description("Run jetson_clocks on a Jetson (store, set, restore).")]
    public bool JetsonClocks { get; init; }
}
