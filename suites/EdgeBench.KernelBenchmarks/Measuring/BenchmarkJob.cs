using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace EdgeBench.KernelBenchmarks.Measuring;

/// <summary>
/// How BenchmarkDotNet measures here: in this process and without generated code, so that nothing is built on a user's machine. A stretch is as many calls as
/// fill a time; a first few are not counted.
/// </summary>
/// <param name="Thorough">More and longer stretches.</param>
internal sealed record BenchmarkJob(bool Thorough)
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    private int Stretches => Thorough ? 25 : 7;

    private int Milliseconds => Thorough ? 100 : 25;

    /// <summary>In words, for the run's facts.</summary>
    public string Words => $"{Stretches} stretches of at least {Milliseconds} ms, in process";

    /// <summary>Stretches that a valid trial holds.</summary>
    public int LeastStretches => Stretches;

    /// <summary>Seconds that a kernel takes about, peaks included, where a call is short.</summary>
    public double Seconds => (Stretches + 4) * Milliseconds / 1000.0 + 0.3;

    /// <summary>Runs one kernel: nanoseconds of one call and of all calls for each stretch, or what went wrong.</summary>
    public (IReadOnlyList<(double OfCall, double OfStretch)> Stretches, string? Problem) Run(KernelTrial trial, string artifacts)
    {
        Problems problems = new();
        ManualConfig config = ManualConfig.CreateEmpty().AddLogger(problems).WithArtifactsPath(artifacts)
            // A debug build of this project measures the same kernels, which are optimised in any.
            .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile)
            .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance);
        Job job = Job.Default.WithToolchain(new InProcessNoEmitToolchain(s_longest, logOutput: true)).WithStrategy(RunStrategy.Throughput)
            .WithWarmupCount(2).WithIterationCount(Stretches).WithIterationTime(TimeInterval.FromMilliseconds(Milliseconds)).WithMinIterationTime(TimeInterval.FromMilliseconds(Milliseconds / 2.0))
            .WithUnrollFactor(1).WithEvaluateOverhead(false).WithGcForce(false).WithOutlierMode(Perfolizer.Mathematics.OutlierDetection.OutlierMode.DontRemove);
        Type type = typeof(KernelBenchmark);
        Descriptor descriptor = new(type, type.GetMethod(nameof(KernelBenchmark.Run))!, type.GetMethod(nameof(KernelBenchmark.Begin)), type.GetMethod(nameof(KernelBenchmark.End)));
        ImmutableConfig frozen = ImmutableConfigBuilder.Create(config);
        ParameterDefinition parameter = new(nameof(KernelBenchmark.Trial), false, [trial], false, typeof(KernelTrial), 0);
        BenchmarkCase one = BenchmarkCase.Create(descriptor, job, new ParameterInstances([new ParameterInstance(parameter, trial, SummaryStyle.Default)]), frozen);
        using BenchmarkRunInfo run = new([one], type, frozen);
        Summary summary = BenchmarkRunner.Run(run);
        if (trial.Problem is { } problem) return ([], problem);
        if (summary.Reports.Length == 0 || !summary.Reports[0].Success) return ([], problems.Text(summary));
        return ([.. summary.Reports[0].AllMeasurements.Where(one => one is { IterationMode: IterationMode.Workload, IterationStage: IterationStage.Actual })
            .Select(one => (one.Nanoseconds / one.Operations, one.Nanoseconds))], null);
    }

    /// <summary>Keeps what the library says of errors, and nothing else.</summary>
    private sealed class Problems : ILogger
    {
        private readonly List<string> _lines = [];

        public string Id => nameof(Problems);

        public int Priority => 0;

        public string Text(Summary summary) =>
            string.Join("; ", summary.ValidationErrors.Select(error => error.Message).Concat(_lines).DefaultIfEmpty("BenchmarkDotNet says no reason"));

        public void Write(LogKind logKind, string text)
        {
            if (logKind == LogKind.Error && text.Trim() is { Length: > 0 } line) _lines.Add(line);
        }

        public void WriteLine()
        {
        }

        public void WriteLine(LogKind logKind, string text) => Write(logKind, text);

        public void Flush()
        {
        }
    }
}
