using CsCheck;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Integration;

namespace EdgeBench.Devices.Tests.Power;

public class CounterTrackTests
{
    private const double Range = 65.536;

    [Fact]
    public void The_waveform_through_a_counter_that_wraps_keeps_its_energy()
    {
        CounterTrack track = new(Range, 200);
        List<MeterReading> readings = [.. Waveform.Sample(MeterKind.Energy, 45, new Random(2)).Select(reading => track.Advance(reading.At, reading.Value % Range))];
        Assert.All(readings, reading => Assert.Equal(ReadingFlaw.None, reading.Flaw));
        WindowEnergy energy = WindowIntegrator.Integrate(MeterKind.Energy, null, readings, [new(1, 41)], 0);
        Assert.InRange(energy.Figure!.Joules / (Waveform.Joules(41) - Waveform.Joules(1)), 0.99, 1.01);
    }

    [Fact]
    public void Wraps_are_undone_whatever_the_steps() =>
        Gen.Select(Gen.Double[0, Range], Gen.Double[0, 50].List[1, 100]).Sample((start, steps) =>
        {
            CounterTrack track = new(Range, 1000);
            double at = 0, counter = start, used = 0;
            track.Advance(at, counter);
            foreach (double step in steps)
            {
                used += step;
                counter = (counter + step) % Range;
                MeterReading reading = track.Advance(at += 0.06, counter);
                if (reading.Flaw != ReadingFlaw.None || Math.Abs(reading.Value - used) > 1e-6) return false;
            }
            return true;
        });

    [Fact]
    public void No_sequence_makes_the_total_fall() => Gen.Double[-10, 100].List[2, 60].Sample(raw =>
    {
        CounterTrack track = new(Range, 1000);
        double total = 0, at = 0;
        foreach (double value in raw)
        {
            MeterReading reading = track.Advance(at += 0.05, value);
            if (!reading.IsUsable) continue;
            if (reading.Value < total) return false;
            total = reading.Value;
        }
        return true;
    });

    [Theory]
    [InlineData(60, 5, ReadingFlaw.None)]
    [InlineData(5, 4.9, ReadingFlaw.Reset)]
    [InlineData(5, 60, ReadingFlaw.Reset)]
    [InlineData(5, -1, ReadingFlaw.Negative)]
    [InlineData(5, 70, ReadingFlaw.NotANumber)]
    [InlineData(5, double.NaN, ReadingFlaw.NotANumber)]
    public void A_step_that_no_device_can_draw_is_a_reset(double before, double now, ReadingFlaw flaw)
    {
        CounterTrack track = new(Range, mostWatts: 200);
        track.Advance(0, before);
        Assert.Equal(flaw, track.Advance(0.1, now).Flaw);
    }

    [Fact]
    public void After_a_pause_in_which_it_may_have_wrapped_twice_nothing_is_claimed()
    {
        CounterTrack track = new(Range, mostWatts: 200);
        track.Advance(0, 5);
        Assert.Equal(ReadingFlaw.Reset, track.Advance(1, 6).Flaw);
        Assert.Equal((0.5, ReadingFlaw.None), (track.Advance(1.1, 6.5).Value, track.Advance(1.2, 6.5).Flaw));
    }
}
