using EdgeBench.Core.Configuration;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Problems;

namespace EdgeBench.Devices.Power.Recording;

/// <summary>The meters that run with one trial. One that cannot be read stops nothing: it is named in <see cref="Refusals"/>.</summary>
public sealed class MeterBank : IAsyncDisposable
{
    private readonly List<MeterRecorder> _recorders = [];
    private readonly List<MeterRefusal> _refusals = [];

    private MeterBank()
    {
    }

    /// <summary>Meters that were asked for and do not run, each with why and the remedy.</summary>
    public IReadOnlyList<MeterRefusal> Refusals => _refusals;

    /// <summary>Those that run, by registered name.</summary>
    public IReadOnlyList<(string Meter, MeterDescription Description)> Running => [.. _recorders.Select(recorder => (recorder.Meter, recorder.Description))];

    /// <summary>Longest idle time that a meter wants before and after the trial.</summary>
    public TimeSpan Idle => _recorders.Select(recorder => recorder.Idle).DefaultIfEmpty(TimeSpan.Zero).Max();

    public static async Task<MeterBank> StartAsync(IReadOnlyList<MeterSpec> meters, SystemRoot root, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(meters);
        MeterBank bank = new();
        try
        {
            foreach (MeterSpec spec in meters) await bank.AddAsync(spec, root, cancellation).ConfigureAwait(false);
            return bank;
        }
        catch
        {
            await bank.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops all and returns what they read.</summary>
    public async Task<IReadOnlyList<MeterRecording>> StopAsync()
    {
        List<MeterRecording> recordings = [];
        foreach (MeterRecorder recorder in _recorders) recordings.Add(await recorder.StopAsync().ConfigureAwait(false));
        return recordings;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MeterRecorder recorder in _recorders) await recorder.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AddAsync(MeterSpec spec, SystemRoot root, CancellationToken cancellation)
    {
        string[] names = [.. MeterRegistry.All.Select(meter => meter.Name)];
        try
        {
            IPowerMeter meter = MeterRegistry.Find(spec.Type) ?? throw new MeterException(
                $"there is no such meter; expected one of {string.Join(", ", names)}", Nearest.Question(spec.Type, names) ?? "Correct the device's file.");
            MeterRecorder recorder = await MeterRecorder.StartAsync(meter, root, spec.Options, cancellation).ConfigureAwait(false);
            EnergyBoundary boundary = recorder.Description.Boundary;
            if (_recorders.Any(other => other.Description.Boundary == boundary))
            {
                await recorder.DisposeAsync().ConfigureAwait(false);
                throw new MeterException($"another meter reads the boundary '{boundary.ToString().ToLowerInvariant()}' already, and a metric has one value", "Keep one of them in the device's file.");
            }
            _recorders.Add(recorder);
        }
        catch (MeterException exception)
        {
            _refusals.Add(new MeterRefusal(spec.Type, exception.Message.TrimEnd('.'), exception.Remedy));
        }
    }
}

/// <summary>A meter that was asked for and does not run.</summary>
/// <param name="Meter">As the device's file spells it.</param>
public sealed record MeterRefusal(string Meter, string Problem, string Remedy)
{
    public override string ToString() => $"meter {Meter}: {Problem}. {Remedy}";
}
