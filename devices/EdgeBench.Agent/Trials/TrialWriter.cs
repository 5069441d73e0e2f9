using System.Text.Json;
using EdgeBench.Core.Trials;

namespace EdgeBench.Agent.Trials;

/// <summary>Writes a trial's lines to its agent.</summary>
internal sealed class TrialWriter(Stream output)
{
    /// <summary>Sends readings in slices that each fit a line.</summary>
    public void Tell(Series series)
    {
        for (int from = 0; from < series.Values.Length; from += TrialMessage.MaxReadings)
        {
            Range slice = from..Math.Min(from + TrialMessage.MaxReadings, series.Values.Length);
            Write(TrialMessage.Of(TrialEvent.Series) with
            {
                Series = new Series(series.Metric, series.Values[slice], series.At[slice], series.Repetition[slice]),
            });
        }
    }

    public void Tell(TrialEnd end) => Write(TrialMessage.Of(TrialEvent.Outcome) with { End = end });

    // One write for a whole line.
    private void Write(TrialMessage message)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(message, TrialJson.Wire.TrialMessage);
        output.Write([.. json, (byte)'\n']);
    }
}
