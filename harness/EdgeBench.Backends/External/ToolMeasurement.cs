using System.Diagnostics;
using System.Globalization;
using EdgeBench.Backends.External.Programs;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Metrics;
using EdgeBench.Core.Programs;
using EdgeBench.Core.Trials;

namespace EdgeBench.Backends.External;

/// <summary>One trial by a program: asked with the least number of repetitions, once more with enough of them where those were over too soon, and imported.</summary>
internal sealed class ToolMeasurement(MeasureContext context, ExternalOptions options, IExternalTool tool, AllowedProgram program)
{
    // What a second run takes beyond the least, as repetitions of it may be faster.
    private const double Spare = 1.2;

    // A tool that keeps to a time by itself leaves out of its sum what passes between repetitions.
    private const double Reached = 0.95;

    // What a program's clock and ours may differ by; beyond it, one of its units is not what it seems.
    private const double Clocks = 1.02, ClockSlack = 0.05;

    // Seconds before the trial's own limit at which its program is ended.
    private const double Margin = 2;

    private readonly Sampling _sampling = context.Request.Sampling;

    private readonly bool _metered = context.Request.Meters.Count > 0;

    /// <summary>Throws <see cref="TrialException"/>.</summary>
    public MeasureRemarks Run()
    {
        context.Samples.BeforeRepetition(0, warmup: false);
        (ToolReport report, ToolCall call, ProgramResult result, double end) = Call(_sampling.MinSamples);
        if (Wanted(report) is { } more)
        {
            context.Samples.Fact("pilot_run", FormattableString.Invariant($"{report.Repetitions} repetitions in {report.Seconds:0.###} s, too short: run again with {more}, and left out"));
            (report, call, result, end) = Call(more);
        }
        Import(report, end);
        if (_metered) Place(tool.When(result.Output, call, report), result);
        Describe(report, result);
        return new MeasureRemarks(report.NotApplied, report.Warnings);
    }

    // More repetitions where the program tells that the least time was not reached.
    private int? Wanted(ToolReport report)
    {
        if (report.Seconds is not { } seconds || seconds >= _sampling.MinDuration * Reached) return null;
        double each = seconds / report.Repetitions, most = Math.Max(report.Repetitions, _sampling.MaxDuration / each);
        int more = (int)Math.Min(Math.Ceiling(Math.Min(_sampling.MinDuration / each * Spare, most)), 1_000_000);
        return more > report.Repetitions ? more : null;
    }

    private (ToolReport Report, ToolCall Call, ProgramResult Result, double End) Call(int repetitions)
    {
        using ScratchFolder folder = new();
        try
        {
            ToolCall call = new()
            {
                Model = Path.GetFullPath(context.Request.Artifact.Path),
                Threads = context.Request.Threads,
                Shape = context.Shape,
                Options = options,
                Repetitions = repetitions,
                Sampling = _sampling,
                Metered = _metered,
                Folder = folder.Path,
            };
            IReadOnlyList<string> arguments = tool.Arguments(call, [.. program.Arguments, .. options.Arguments]);
            ProgramResult result = ProgramRun.Run(arguments, Limits(folder.Path));
            double end = context.Samples.Now;
            ToolReport report = tool.Read(result.Output, call);
            if (report.Seconds > (result.Output.Seconds * Clocks) + ClockSlack)
                throw new ToolOutputException(FormattableString.Invariant($"it tells of {report.Seconds:0.###} s of sampling and ran for {result.Output.Seconds:0.###} s"));
            return (report, call, result, end);
        }
        catch (ToolOutputException exception)
        {
            throw new TrialException(new TrialFailure(FailureKind.Protocol, $"'{program.Path}' does not write what {tool.Name} writes: {exception.Message}",
                "Use a version of the program whose output is understood, or correct the mapping."), exception);
        }
    }

    // The agent ends the whole trial at its limit; ending the program just before tells whose fault it was.
    private ProgramLimits Limits(string folder)
    {
        double limit = context.Request.Limits.TimeLimit;
        double left = limit - Math.Min(Margin, limit / 4) - context.Samples.Now;
        long memory = context.Request.Limits.MemoryLimit is > 0 and var asked ? asked : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 9;
        return new ProgramLimits(program.Path, folder, TimeSpan.FromSeconds(Math.Clamp(left, 0, TimeSpan.FromDays(24).TotalSeconds)), memory) { Times = _metered };
    }

    // Repetitions follow each other and the last ends with the program, as near as anybody but the program can tell.
    private void Import(ToolReport report, double end)
    {
        foreach (ImportedFigure figure in report.Figures)
        {
            bool placed = report.Durations.Count == figure.Values.Count;
            double at = end - (placed ? report.Durations.Sum() : 0);
            for (int i = 0; i < figure.Values.Count; i++)
            {
                if (placed) at += report.Durations[i];
                context.Samples.Add(figure.Metric, i, figure.Values[i], at);
            }
            context.Samples.Fact(ImportedFigures.Definition + figure.Metric.Name, figure.Definition);
        }
    }

    // What a meter's readings are integrated over: stretches that the program itself timed, or nothing.
    private void Place(RunTimes when, ProgramResult result)
    {
        if (when.Parts.Count == 0)
        {
            context.Samples.Fact(EnergyFacts.Untimed, $"{tool.Name} does not tell when its repetitions ran: {when.Words}");
            return;
        }
        double started = context.Samples.Now - Stopwatch.GetElapsedTime(result.Started).TotalSeconds;
        bool together = when.Parts.Any(part => part.Repetitions > 1);
        for (int i = 0; i < when.Parts.Count; i++)
        {
            TimedPart part = when.Parts[i];
            double end = started + part.To;
            context.Samples.Add(MetricRegistry.RepetitionTime, i, part.Seconds * 1e3, end);
            if (part.Tokens is { } tokens) context.Samples.Add(MetricRegistry.RepetitionTokens, i, tokens, end);
            if (together) context.Samples.Add(MetricRegistry.RepetitionCount, i, part.Repetitions, end);
        }
        context.Samples.Fact(ImportedFigures.Definition + MetricRegistry.RepetitionTime.Name, when.Words);
    }

    private void Describe(ToolReport report, ProgramResult result)
    {
        context.Samples.Fact(ImportedFigures.Tool, tool.Name);
        context.Samples.Fact(ImportedFigures.Samples, report.NoRawSamples ?? ImportedFigures.Raw);
        context.Samples.Fact(ImportedFigures.Repetitions, report.Repetitions.ToString(CultureInfo.InvariantCulture));
        if (report.Seconds is { } seconds) context.Samples.Fact(ImportedFigures.Seconds, seconds.ToString("R", CultureInfo.InvariantCulture));
        context.Samples.Fact("program", $"{options.Entry} ({Path.GetFileName(program.Path)}, {ProgramVersion.Of(program)})");
        context.Samples.Fact("program_seconds", result.Output.Seconds.ToString("0.###", CultureInfo.InvariantCulture));
        foreach ((string name, string value) in report.Facts) context.Samples.Fact(name, value);
        if (result.PeakBytes is not { } peak)
        {
            context.Samples.Fact(MetricRegistry.PeakRss.Name, "not read: the program had ended before it could be looked at, or this kernel shows no VmHWM in /proc");
            return;
        }
        context.Samples.Add(MetricRegistry.PeakRss, 0, peak, context.Samples.Now);
        context.Samples.Fact(ImportedFigures.Definition + MetricRegistry.PeakRss.Name,
            "the most that the program held resident, plus the same of each of its children alive together; looked at from outside ten times a second");
    }
}
