using System.Diagnostics;

namespace EdgeBench.Engine.Inference.Forward;

/// <summary>Parts of a forward pass, as a profile names them.</summary>
public enum Phase
{
    /// <summary>Embedding and angles.</summary>
    Start,

    /// <summary>Norm and making activations ready.</summary>
    Norm,
    Inputs,

    /// <summary>Rotary embedding and storing keys and values; in decoding a part of <see cref="Attention"/>.</summary>
    Store,
    Attention,

    /// <summary>Attention's result made ready.</summary>
    Attended,
    Output,
    GateUp,

    /// <summary>Activation and making it ready; in decoding a part of <see cref="GateUp"/> and <see cref="Down"/>.</summary>
    Gate,
    Down,
    Head,
}

/// <summary>Where the time of forward passes goes, by the clock of member 0, waiting for the others included. For benchmarks.</summary>
public sealed class PhaseTimes
{
    private readonly long[] _ticks = new long[Enum.GetValues<Phase>().Length];
    private long _last;

    /// <summary>Seconds of each phase since the start.</summary>
    public IReadOnlyDictionary<Phase, double> Seconds => Enum.GetValues<Phase>().ToDictionary(phase => phase, phase => _ticks[(int)phase] / (double)Stopwatch.Frequency);

    public void Clear() => Array.Clear(_ticks);

    internal void Begin() => _last = Stopwatch.GetTimestamp();

    internal void End(Phase phase)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)phase] += now - _last;
        _last = now;
    }
}
