using EdgeBench.Devices.Power;

namespace EdgeBench.Devices.Tests.Power;

/// <summary>
/// A power with a known integral: 6 W, a sine of 2 W with a period of 3.7 s, and a step of 5 W that is on for the first 1.3 s of every 2.9 s.
/// Energies come from the closed form.
/// </summary>
internal static class Waveform
{
    private const double Base = 6, Amplitude = 2, Period = 3.7, Step = 5, On = 1.3, Every = 2.9;
    private const double Omega = 2 * Math.PI / Period;

    public static double Watts(double at) => Base + (Amplitude * Math.Sin(Omega * at)) + (at - (Math.Floor(at / Every) * Every) < On ? Step : 0);

    /// <summary>Joules from 0 to a time.</summary>
    public static double Joules(double to)
    {
        double periods = Math.Floor(to / Every), rest = to - (periods * Every);
        return (Base * to) + (Amplitude / Omega * (1 - Math.Cos(Omega * to))) + (Step * ((periods * On) + Math.Min(rest, On)));
    }

    /// <summary>Readings of it at 10 a second from −3 s on, each up to 30 ms early or late.</summary>
    public static List<MeterReading> Sample(MeterKind kind, double to, Random random, double rate = 10)
    {
        List<MeterReading> readings = [];
        for (int i = 0; i / rate < to + 3; i++)
        {
            double at = (i / rate) - 3 + ((random.NextDouble() - 0.5) * 0.06);
            readings.Add(new MeterReading(at, kind == MeterKind.Power ? Watts(at) : Joules(at) - Joules(-3.5)));
        }
        return readings;
    }
}
