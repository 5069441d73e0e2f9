using System.Text.Json;
using EdgeBench.Core.Metrics;
using EdgeBench.Devices.Power.Sessions;

namespace EdgeBench.Devices.Power.Scpi;

/// <summary>A laboratory supply or power analyser that speaks SCPI-99 over a raw TCP port.</summary>
public sealed class ScpiMeter : IPowerMeter
{
    public string Name => "scpi";

    public Type OptionsType => typeof(ScpiOptions);

    public EnergyBoundary Boundary => EnergyBoundary.Board;

    public async Task<IMeterSession> OpenAsync(SystemRoot root, JsonElement options, CancellationToken cancellation)
    {
        ScpiOptions asked = MeterOptions.Of<ScpiOptions>(options);
        foreach (string question in new[] { asked.PowerQuery, asked.VoltageQuery, asked.CurrentQuery }.OfType<string>())
        {
            if (!IsQuestion(question)) throw new MeterException($"'{question}' is no single question", "Write one SCPI query with a '?', such as MEAS:VOLT?.");
        }
        ScpiLine line = new(asked.Host, asked.Port);
        MeterReading first = await ReadAsync(line, asked, cancellation).ConfigureAwait(false);
        if (first.Flaw == ReadingFlaw.Unreadable)
        {
            line.Dispose();
            throw new MeterException($"no instrument answers at {asked.Host}:{asked.Port} with numbers",
                "Check host, port and queries; the instrument must be reachable from the device that runs the agent.");
        }
        string source = $"supply at {asked.Host}, {asked.PowerQuery ?? $"{asked.VoltageQuery} × {asked.CurrentQuery}"}";
        return new PolledSession(new MeterDescription(MeterKind.Power, asked.Boundary, source), asked.Rate, token => ReadAsync(line, asked, token), line);
    }

    // One command of printable characters whose header ends in '?': a ';' or a line end would start another, which might set something.
    private static bool IsQuestion(string text) =>
        text.Length is > 1 and <= 64 && text.Split(' ')[0].EndsWith('?') && text.All(c => c is >= ' ' and < '\x7f' and not ';');

    private static async ValueTask<MeterReading> ReadAsync(ScpiLine line, ScpiOptions asked, CancellationToken cancellation)
    {
        double before = MeterClock.Now;
        double? watts = asked.PowerQuery is { } power
            ? await line.AskAsync(power, cancellation).ConfigureAwait(false)
            : await line.AskAsync(asked.VoltageQuery, cancellation).ConfigureAwait(false) is { } volts
                ? volts * await line.AskAsync(asked.CurrentQuery, cancellation).ConfigureAwait(false)
                : null;
        return MeterReading.OfPower((before + MeterClock.Now) / 2, watts);
    }
}
