using System.Globalization;
using EdgeBench.Core.Wire;
using EdgeBench.Devices.Power;
using EdgeBench.Devices.Power.Recording;

namespace EdgeBench.Devices.Doctor;

/// <summary>The power meters that the device's file names, started as a trial starts them: what each sees, or why it would not be applied.</summary>
public sealed class MeterCheck : IDoctorCheck
{
    public string Name => "meters";

    public IEnumerable<DoctorFinding> Examine(DoctorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ExamineAsync(context).GetAwaiter().GetResult();
    }

    private async Task<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context)
    {
        await using MeterBank bank = await MeterBank.StartAsync(context.Meters, context.Root, CancellationToken.None).ConfigureAwait(false);
        return
        [
            .. bank.Running.Select(meter => new DoctorFinding(Name, Severity.Good, $"{meter.Meter} reads {Words(meter.Description)}")),
            .. bank.Refusals.Select(refusal => new DoctorFinding(Name, Severity.Warning, $"{refusal.Meter} is not applied: {refusal.Problem}", refusal.Remedy)),
        ];
    }

    private static string Words(MeterDescription meter)
    {
        (string what, string unit) = meter.Kind == MeterKind.Power ? ("power", "W") : ("a counter of energy", "J");
        string steps = meter.Resolution is { } resolution ? $" in steps of {resolution.ToString("0.######", CultureInfo.InvariantCulture)} {unit}" : ", its steps taken from the readings";
        return $"{meter.Source}; boundary {meter.Boundary.ToString().ToLowerInvariant()}; {what}{steps}";
    }
}
