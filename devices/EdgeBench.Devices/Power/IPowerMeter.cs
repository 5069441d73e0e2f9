using System.Text.Json;
using EdgeBench.Core.Metrics;

namespace EdgeBench.Devices.Power;

/// <summary>A kind of power meter. Seam: implement, add to <see cref="MeterRegistry"/>.</summary>
public interface IPowerMeter
{
    /// <summary>Registered name, as a device's file spells it: <c>rapl</c>, <c>shelly</c> …</summary>
    string Name { get; }

    /// <summary>Record type of its options, derived from <see cref="MeterOptions"/>.</summary>
    Type OptionsType { get; }

    /// <summary>Where it usually cuts the path of power; <see cref="MeterDescription.Boundary"/> is what an opened one really does.</summary>
    EnergyBoundary Boundary { get; }

    /// <summary>Opens it. Throws <see cref="MeterException"/> with the remedy where it cannot be read.</summary>
    /// <param name="options">Of <see cref="OptionsType"/>; undefined means all defaults.</param>
    Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation);
}

/// <summary>An opened meter. Disposing ends whatever it started.</summary>
public interface IMeterSession : IAsyncDisposable
{
    MeterDescription Description { get; }

    /// <summary>
    /// Readings in order of time until cancelled; one that failed is told with its flaw, and the next follows. Ends, or throws <see cref="MeterException"/>,
    /// where the meter is gone. Called once.
    /// </summary>
    IAsyncEnumerable<MeterReading> ReadAsync(CancellationToken cancellation);
}
