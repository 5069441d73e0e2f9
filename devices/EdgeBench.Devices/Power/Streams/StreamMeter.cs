using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Programs;
using EdgeBench.Devices.Power.Tools;

namespace EdgeBench.Devices.Power.Streams;

/// <summary>An instrument whose program prints its readings. The program is one that the device's own file allows, never one from the wire.</summary>
public abstract class StreamMeter<T> : IPowerMeter where T : StreamOptions
{
    public abstract string Name { get; }

    public Type OptionsType => typeof(T);

    public EnergyBoundary Boundary => EnergyBoundary.Board;

    public Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        T asked = MeterOptions.Of<T>(options);
        if (StreamLines.Problem(asked) is { } problem) throw new MeterException($"{Name}: {problem}", "Correct the meter's options in the device's file.");
        AllowedProgram program = Find(asked);
        string what = asked.Power ?? $"{asked.Current} × {asked.Voltage ?? $"{asked.Volts} V"}";
        MeterDescription description = new(MeterKind.Power, asked.Boundary, $"{what} of {asked.Program}");
        return Task.FromResult(Tool.Stream(description, program.Path, [.. program.Arguments, .. asked.Arguments], 1 / asked.Rate, new StreamLines(asked).Read));
    }

    private static AllowedProgram Find(T asked)
    {
        try
        {
            return AllowedPrograms.Find(asked.Program, asked.Arguments);
        }
        catch (ProgramRefusedException exception)
        {
            throw new MeterException(exception.Message, exception.Remedy, exception);
        }
    }
}

/// <summary>Nordic's Power Profiler Kit II.</summary>
public sealed class Ppk2Meter : StreamMeter<Ppk2Options>
{
    public override string Name => "ppk2";
}

/// <summary>A Joulescope.</summary>
public sealed class JoulescopeMeter : StreamMeter<JoulescopeOptions>
{
    public override string Name => "joulescope";
}
